#include <gmock/gmock.h>

#include "initlaw/simulate.hpp"
#include "initlaw/version.hpp"

namespace initlaw {
namespace {

TEST(EnsembleBytes, HoldAllOfAnEnsemble) {
  const Network dying = fully_connected({.width = 2, .depth = 2, .inputs = 2});
  const Network scheduled = vanilla({.width = 6, .depth = 3, .alpha = std::vector{0.9, 0.8, 0.7}, .leak = 0.1});
  const std::vector<Ensemble> ensembles{
      simulate(dying, {.samples = 2000, .seed = 5}, Input({3, 4})),
      simulate(scheduled, {.samples = 100, .lags = {{0, 2}}}),
      simulate(scheduled, {.samples = 20, .method = Method::kDense, .precision = Precision::kDouble}),
      simulate(scheduled, {.samples = 20, .estimator = Estimator::kAntithetic})};
  for (const Ensemble& ensemble : ensembles) {
    const Ensemble copy = ensemble_from_bytes(to_bytes(ensemble));
    EXPECT_EQ(to_bytes(copy), to_bytes(ensemble));
    EXPECT_EQ(copy.network, ensemble.network);
    EXPECT_EQ(copy.input, ensemble.input);
    EXPECT_EQ(copy.options.lags, ensemble.options.lags);
    EXPECT_EQ(copy.dead, ensemble.dead);
    EXPECT_EQ(copy.growth.variance().std_error, ensemble.growth.variance().std_error);
    EXPECT_EQ(copy.second_moment.log_mean(), ensemble.second_moment.log_mean());
    EXPECT_EQ(copy.log_output_norm2_histogram->quantile(0.3).value,
              ensemble.log_output_norm2_histogram->quantile(0.3).value);
    EXPECT_EQ(copy.layers.back().active_fraction.value, ensemble.layers.back().active_fraction.value);
    EXPECT_EQ(copy.antithetic.has_value(), ensemble.antithetic.has_value());
  }
}

TEST(EnsembleBytes, DifferIfTheEnsemblesDo) {
  const Network network = vanilla({.width = 6, .depth = 3});
  const Ensemble one = simulate(network, {.samples = 100, .seed = 1, .threads = 1});
  EXPECT_EQ(to_bytes(one), to_bytes(simulate(network, {.samples = 100, .seed = 1, .threads = 2})));
  EXPECT_NE(to_bytes(one), to_bytes(simulate(network, {.samples = 100, .seed = 2})));
}

TEST(EnsembleBytes, AreRefusedIfTheyAreNone) {
  const std::string bytes = to_bytes(simulate(vanilla({.width = 6, .depth = 3}), {.samples = 100}));
  EXPECT_THROW(ensemble_from_bytes(""), std::invalid_argument);
  EXPECT_THROW(ensemble_from_bytes("nonsense, and some more of it"), std::invalid_argument);
  EXPECT_THROW(ensemble_from_bytes(bytes.substr(0, bytes.size() / 2)), std::invalid_argument);
}

// Bytes begin with "initlaw ensemble N\n".
TEST(EnsembleBytes, OfAnotherResultVersionAreRefused) {
  const std::string bytes = to_bytes(simulate(vanilla({.width = 6, .depth = 3}), {.samples = 100}));
  const std::string mark = "initlaw ensemble " + std::to_string(kResultVersion) + "\n";
  ASSERT_TRUE(bytes.starts_with(mark));
  for (const int other : {kResultVersion - 1, kResultVersion + 1, 10 * kResultVersion}) {
    const std::string others = "initlaw ensemble " + std::to_string(other) + "\n" + bytes.substr(mark.size());
    EXPECT_THAT([&] { ensemble_from_bytes(others); },
                testing::ThrowsMessage<std::invalid_argument>(testing::HasSubstr("result version")))
        << other;
  }
}

}  // namespace
}  // namespace initlaw
