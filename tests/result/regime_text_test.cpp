#include <fmt/core.h>
#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "result/json.hpp"
#include "result/text.hpp"

namespace initlaw {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RegimeText, EndsAPrediction) {
  const Prediction prediction = predict(vanilla({.width = 30, .depth = 15}), {});
  EXPECT_TRUE(to_text(prediction).ends_with(to_text(*prediction.regime)));
  EXPECT_EQ(to_document(prediction)["regime"], to_document(*prediction.regime));
}

TEST(RegimeText, SaysWhatTheNumbersAre) {
  const Regime found = regime(vanilla({.width = 100, .depth = 50, .outputs = 10}), {}, true);
  const std::string text = to_text(found);
  const Spread& spread = found.predicted.spread;
  EXPECT_THAT(text, HasSubstr("Regime    d/n = 0.5\n"));
  EXPECT_THAT(text, HasSubstr(fmt::format("a variance of {:.5g}, and of 0.22132 at infinite", spread.variance)));
  EXPECT_THAT(text, HasSubstr(fmt::format("within {:.3g} decades", spread.decades)));
  EXPECT_THAT(text, HasSubstr(fmt::format("in {:.2g}% of networks", 100 * spread.beyond_ten)));
  EXPECT_THAT(text, HasSubstr(fmt::format("direction: {:.2g}%", 100 * found.gradient_beyond_ten->orthogonal)));
  EXPECT_THAT(text, HasSubstr(fmt::format("off by {:.2g}, 0.15 or more.", spread.ks_to_gaussian)));
  for (const Change& change : found.changes) {
    EXPECT_THAT(text, HasSubstr(fmt::format("\n  {}", change.name)));
    EXPECT_THAT(text, HasSubstr(fmt::format("{:.5g}", change.predicted.spread.variance)));
  }
}

TEST(RegimeText, ChangesItsAdviceAtTheThresholds) {
  Regime found = regime(vanilla({.width = 100, .depth = 3}));
  const auto by_distance = [&](double ks) {
    found.predicted.spread.ks_to_gaussian = ks;
    return to_text(found);
  };
  EXPECT_THAT(by_distance(0.0499), HasSubstr("\nTrust Gaussian-process theory at infinite width"));
  EXPECT_THAT(by_distance(0.0499), HasSubstr("off by 0.05, less than 0.05.\n"));
  EXPECT_THAT(by_distance(0.0501), HasSubstr("\nTrust only roughly Gaussian-process theory"));
  EXPECT_THAT(by_distance(0.1499), HasSubstr("\nTrust only roughly Gaussian-process theory"));
  EXPECT_THAT(by_distance(0.1501), HasSubstr("\nDo not trust Gaussian-process theory"));
  const auto by_kernel = [&](double deviation) {
    found.kernel_deviation = deviation;
    return to_text(found);
  };
  EXPECT_THAT(by_kernel(0.0999), HasSubstr("\nTrust NTK theory at infinite width"));
  EXPECT_THAT(by_kernel(0.1001), HasSubstr("\nTrust only roughly NTK theory"));
  EXPECT_THAT(by_kernel(0.4999), HasSubstr("\nTrust only roughly NTK theory"));
  EXPECT_THAT(by_kernel(0.5001), HasSubstr("\nDo not trust NTK theory"));
}

TEST(RegimeText, CallsARiskLikelyPossibleOrUnlikely) {
  Regime found = regime(vanilla({.width = 100, .depth = 3}));
  const auto by_overflow = [&](double overflow) {
    found.risks[0].overflow = overflow;
    return to_text(found);
  };
  EXPECT_THAT(by_overflow(1e-2), HasSubstr("In fp16 it is likely (0.01) that an output overflows, and "));
  EXPECT_THAT(by_overflow(std::nextafter(1e-2, 0)), HasSubstr("In fp16 it is possible (0.01) that"));
  EXPECT_THAT(by_overflow(1e-6), HasSubstr("In fp16 it is possible (1e-06) that"));
  EXPECT_THAT(by_overflow(std::nextafter(1e-6, 0)), HasSubstr("In fp16 it is unlikely (1e-06) that"));
}

TEST(RegimeText, GivesSharesOfAllAndOfNone) {
  Regime found = regime(vanilla({.width = 100, .depth = 3}), {}, true);
  const auto by_share = [&](double share) {
    found.predicted.spread.beyond_ten = share;
    return to_text(found);
  };
  EXPECT_THAT(by_share(1), HasSubstr("in 100% of networks"));
  EXPECT_THAT(by_share(0.9962), HasSubstr("in 99.6% of networks"));
  EXPECT_THAT(by_share(0.984), HasSubstr("in 98% of networks"));
  // Gradients' law is known to 1e-6.
  found.gradient_beyond_ten = {.random = 3e-9, .orthogonal = 2e-6};
  EXPECT_THAT(to_text(found), HasSubstr("in less than 0.0001% of networks (orthogonal direction: 0.0002%)"));
}

TEST(RegimeText, SaysHowManyNetworksAreDead) {
  const std::string dying = to_text(regime(fully_connected({.width = 2, .depth = 1})));
  EXPECT_THAT(dying, HasSubstr("In 25% of networks a layer is dead and z_out = 0"));
  EXPECT_THAT(to_text(regime(fully_connected({.width = 30, .depth = 2}))), Not(HasSubstr("dead")));
}

TEST(RegimeText, SaysWhereNoLawIsKnownToHold) {
  const std::string narrow = to_text(regime(vanilla({.width = 4, .depth = 20})));
  EXPECT_THAT(narrow, HasSubstr("d/n = 5; no law is known to hold"));
  EXPECT_THAT(narrow, HasSubstr("  as it is (roughly)"));
  EXPECT_THAT(to_text(regime(vanilla({.width = 100, .depth = 20}))), Not(HasSubstr("roughly)")));
}

TEST(RegimeJson, HasTheNumbers) {
  const Regime found = regime(vanilla({.width = 100, .depth = 50}), {}, true);
  const auto document = to_document(found);
  EXPECT_EQ(document["depth_over_width"], 0.5);
  EXPECT_EQ(document["law"], "finite_width");
  EXPECT_EQ(document["law_error"], *found.predicted.law_error);
  EXPECT_EQ(document["variance"], found.predicted.spread.variance);
  EXPECT_EQ(document["decades"], found.predicted.spread.decades);
  EXPECT_EQ(document["beyond_ten"], found.predicted.spread.beyond_ten);
  EXPECT_EQ(document["ks_to_gaussian"], found.predicted.spread.ks_to_gaussian);
  EXPECT_EQ(document["at_infinite_width"]["variance"], found.at_infinite_width.variance);
  EXPECT_EQ(document["dead_probability"], 0);
  EXPECT_EQ(document["fp16"]["underflow"], found.risks[0].underflow);
  EXPECT_EQ(document["bf16"]["overflow"], found.risks[1].overflow);
  EXPECT_EQ(document["gradient_beyond_ten"]["random"], found.gradient_beyond_ten->random);
  EXPECT_EQ(document["kernel_deviation"], found.kernel_deviation);
  EXPECT_EQ(document["gaussian_process_theory"], "fails");
  EXPECT_EQ(document["tangent_kernel_theory"], "fails");
  EXPECT_EQ(document["changes"].size(), found.changes.size());
  EXPECT_EQ(network_from_json(document["changes"]["width_doubled"]["network"].dump()),
            vanilla({.width = 200, .depth = 50}));
  EXPECT_TRUE(to_document(regime(vanilla({.width = 4, .depth = 20})))["law_error"].is_null());
}

}  // namespace
}  // namespace initlaw
