#include "result/json.hpp"

#include <gmock/gmock.h>

namespace initlaw {
namespace {

TEST(Json, WritesWhatADoubleCannotHoldAsNullAndItsLogarithmBesideIt) {
  const auto document = to_document(predict(vanilla({.width = 10, .depth = 2000, .alpha = 1, .lambda = 1}), {}));
  EXPECT_TRUE(document["log_gaussian"]["second_moment"].is_null());
  EXPECT_GT(document["log_gaussian"]["log_second_moment"].get<double>(), 710);
}

TEST(Json, IsWrittenWhateverBytesAFilesNameHas) {
  EXPECT_EQ(to_text(nlohmann::ordered_json{{"input", "a\xff.csv"}}), "{\n  \"input\": \"a\xEF\xBF\xBD.csv\"\n}\n");
}

TEST(Json, GivesAnErrorWithEachEstimate) {
  const auto document = to_document(simulate(vanilla({.width = 10, .depth = 2}), {.samples = 1000}));
  for (const auto& estimate :
       {document["G"]["mean"], document["G"]["variance"], document["second_moment"],
        document["layers"][1]["active_fraction"], document["log_output_norm2"]["quantiles"]["0.5"],
        document["interlayer_covariance"][1]["covariance"]}) {
    EXPECT_TRUE(estimate["value"].is_number()) << document.dump(1);
    EXPECT_GT(estimate["std_error"].get<double>(), 0);
  }
}

TEST(Json, PredictsTheLogNormOfEachLayer) {
  const Network network = vanilla({.width = 50, .depth = 25, .inputs = 3});
  const Input input({3, 4, 5});
  const auto predicted = to_document(predict(network, input))["layers"];
  const auto simulated = to_document(simulate(network, {.samples = 40'000}, input))["layers"];
  ASSERT_EQ(predicted.size(), 25);
  for (const std::size_t l : {0, 1, 24}) {
    const auto mean = simulated[l]["log_norm2_mean"];
    // Of order 1/n is what the limit leaves out: 2.7/n of mean and 7.1/n of variance, relative, in the last layer.
    EXPECT_NEAR(predicted[l]["log_norm2_mean"].get<double>(), mean["value"].get<double>(),
                5 * mean["std_error"].get<double>() + 0.06);
    EXPECT_NEAR(
        predicted[l]["log_norm2_variance"].get<double>() / simulated[l]["log_norm2_variance"]["value"].get<double>(), 1,
        0.05 + 7.0 / 50);
  }
}

TEST(Json, LeavesOutWhatTooFewSamplesCannotTell) {
  const auto document = to_document(simulate(vanilla({.width = 10, .depth = 2}), {.samples = 1}));
  EXPECT_TRUE(document["G"]["mean"]["value"].is_number());
  EXPECT_TRUE(document["G"]["mean"]["std_error"].is_null());
  EXPECT_TRUE(document["G"]["variance"]["value"].is_null());
}

TEST(Json, HasEveryLaw) {
  const Network network = fully_connected({.width = 8, .depth = 3});
  const auto compared = to_document(compare(simulate(network, {.samples = 2000}), predict(network, {})));
  const auto tail = to_document(compare(tail_probability(network, {.threshold = 3, .samples = 40'000})));
  for (const auto& [kind, law] : laws(network)) {
    EXPECT_EQ(compared["prediction"].at(kind.key).at("log_second_moment"), law.log_second_moment());
    EXPECT_TRUE(compared["fit"].at(kind.key).contains("verdict"));
    EXPECT_TRUE(tail.at(kind.key).is_number());
  }
}

TEST(Json, SaysWhatMadeTheResult) {
  const auto document = to_document(simulate(vanilla({.width = 10, .depth = 2}), {.samples = 10, .seed = 77}));
  EXPECT_EQ(document["seed"], 77);
  EXPECT_EQ(document["samples"], 10);
  EXPECT_EQ(document["method"], "fast");
  EXPECT_EQ(document["precision"], "float");
  EXPECT_EQ(document["estimator"], "plain");
  EXPECT_TRUE(document.contains("initlaw"));
  EXPECT_FALSE(document.contains("threads"));
}

// Whatever the simulation came to: of a single pair there is no error.
TEST(Json, NamesTheEstimatorThatWasAskedFor) {
  for (const std::uint64_t samples : {2, 100}) {
    const auto document = to_document(
        simulate(vanilla({.width = 10, .depth = 2}), {.samples = samples, .estimator = Estimator::kAntithetic}));
    EXPECT_EQ(document["estimator"], "antithetic") << samples;
  }
}

}  // namespace
}  // namespace initlaw
