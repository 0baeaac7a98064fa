#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "initlaw/compare.hpp"
#include "initlaw/laws.hpp"
#include "initlaw/limit.hpp"
#include "study/cell.hpp"

namespace initlaw {
namespace {

TEST(ResultOf, HoldsWhatTheEnsembleMeasuredAndTheLimitsPredict) {
  for (const std::size_t outputs : {1u, 10u}) {
    const Network network = vanilla({.width = 30, .depth = 20, .outputs = outputs});
    const Ensemble ensemble = simulate(network, {.samples = 20'000});
    const auto result = nlohmann::json::parse(result_of(ensemble));
    EXPECT_EQ(result["samples"], 20'000);
    EXPECT_EQ(result["G"]["mean"]["value"], ensemble.growth.mean().value);
    EXPECT_EQ(result["log_output_norm2"]["variance"]["std_error"], ensemble.log_output_norm2.variance().std_error);
    EXPECT_EQ(result["log_output_norm2"]["quantiles"][3]["value"],
              ensemble.log_output_norm2_histogram->quantile(0.5).value);
    EXPECT_EQ(result["hypoactivation"]["value"][19], ensemble.hypoactivation(19).value);
    EXPECT_EQ(result["interlayer_covariance"]["lag"].size(), ensemble.interlayer_covariance.size());
    const Law law = infinite_depth_and_width(network);
    EXPECT_EQ(result["log_gaussian"]["variance"], law.variance());
    // By another route: the law itself in place of a spline.
    EXPECT_NEAR(result["log_gaussian"]["ks"].get<double>(), compare(ensemble, law).log_output_norm2.ks, 2e-6);
    EXPECT_NEAR(result["gaussian"]["ks"].get<double>(), compare(ensemble, infinite_width(network)).log_output_norm2.ks,
                2e-6);
  }
}

TEST(ResultOf, HoldsEveryLawOfTheNetwork) {
  const Network network = fully_connected({.width = 8, .depth = 3});
  const Ensemble ensemble = simulate(network, {.samples = 2000});
  const auto result = nlohmann::json::parse(result_of(ensemble));
  ASSERT_EQ(laws(network).size(), law_kinds().size());
  for (const auto& [kind, law] : laws(network)) {
    EXPECT_EQ(result.at(kind.key)["mean"], law.mean()) << kind.key;
    EXPECT_EQ(result.at(kind.key)["ks"], kolmogorov_smirnov(ensemble, law).value) << kind.key;
  }
}

TEST(ResultOf, DeadNetworksHasNoNumbersButTheirCount) {
  const Ensemble ensemble = simulate(fully_connected({.width = 1, .depth = 60}), {.samples = 500});
  ASSERT_EQ(ensemble.dead, 500);
  const auto result = nlohmann::json::parse(result_of(ensemble));
  EXPECT_EQ(result["dead"], 500);
  EXPECT_TRUE(result["G"]["mean"]["value"].is_null());
  EXPECT_TRUE(result["gaussian"]["ks"].is_null());
}

}  // namespace
}  // namespace initlaw
