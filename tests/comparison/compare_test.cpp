#include "initlaw/compare.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>

#include "engine/engine.hpp"
#include "initlaw/limit.hpp"
#include "support/sanitized.hpp"

namespace initlaw {
namespace {

using ::testing::Throws;

Ensemble fully_connected_ensemble() {
  return simulate(fully_connected({.width = 10, .depth = 5, .outputs = 4}), {.samples = 100'000, .seed = 2});
}

// Null hypothesis: the exact law holds, in the log-norm and in one output. Level 1% for KS (the seed is fixed).
TEST(Compare, FindsNoDifferenceFromTheExactLaw) {
  const Ensemble ensemble = fully_connected_ensemble();
  const Fit fit = compare(ensemble, exact_fully_connected(ensemble.network));
  const double living = static_cast<double>(ensemble.samples - ensemble.dead);
  EXPECT_EQ(fit.verdict, Verdict::kExact);
  EXPECT_LT(fit.log_output_norm2.ks, 1.63 / std::sqrt(living));
  EXPECT_LT(fit.output.ks, 1.63 / std::sqrt(living) / 2);  // the symmetry halves it
  EXPECT_LT(std::abs(fit.log_output_norm2.mean_z), 4.5);
  EXPECT_LT(std::abs(fit.output.mean_z), 4.5);
  EXPECT_NEAR(fit.log_output_norm2.variance_ratio, 1, 0.03);
  EXPECT_NEAR(fit.output.variance_ratio, 1, 0.05);
}

/// E chi, the root of a chi-square number with k degrees of freedom.
double mean_chi(double k) { return std::sqrt(2.0) * std::exp(std::lgamma((k + 1) / 2) - std::lgamma(k / 2)); }

/// E|z| of one output of a living fully connected ReLU net, in closed form: z = ||z_0|| prod_l sqrt(2 C_l/n) g/sqrt(n)
/// with C_l chi-square of Binomial(n, 1/2) >= 1 degrees of freedom.
double mean_absolute_output(int n, int depth) {
  double factor = 0;
  double weight = 0;
  double binomial = 1;
  for (int k = 1; k <= n; ++k) {
    binomial *= static_cast<double>(n - k + 1) / k;
    factor += binomial * mean_chi(k) * std::sqrt(2.0 / n);
    weight += binomial;
  }
  return mean_chi(n) / std::sqrt(n) * std::pow(factor / weight, depth) * std::sqrt(2 / std::numbers::pi);
}

/// The living networks' ln||z_out||^2 and first outputs, in units of their standard deviation at infinite width.
struct Samples {
  std::vector<double> log_norm2;
  std::vector<double> output;
};
Samples samples_of(const Ensemble& ensemble) {
  const auto engine = make_fast_engine(ensemble.network, Input(), ensemble.options.seed, ensemble.options.precision);
  Samples samples;
  for (std::uint64_t first = 0; first < ensemble.samples; first += kBlock) {
    const Block block = engine->run(first, kBlock);
    for (std::size_t i = 0; i < std::min<std::uint64_t>(kBlock, ensemble.samples - first); ++i) {
      const double G = block.last_log_norm2()[i];
      if (std::isinf(G)) continue;
      samples.log_norm2.push_back(G + block.log_output_norm2[i]);
      samples.output.push_back(block.output[i] * std::exp(G / 2 - ensemble.log_output_unit));
    }
  }
  return samples;
}

/// The figures of Distance as they are defined, from the sorted samples and a law's distribution function.
Distance plain_distance(std::vector<double> samples, const std::function<double(double)>& cdf, double low,
                        double high) {
  std::sort(samples.begin(), samples.end());
  const double N = static_cast<double>(samples.size());
  Distance distance{};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double F = cdf(samples[i]), below = static_cast<double>(i) / N;
    distance.ks = std::max({distance.ks, std::abs(F - below), std::abs(F - below - 1 / N)});
  }
  constexpr int kSteps = 20'000;
  const double step = (high - low) / kSteps;
  for (int i = 0; i < kSteps; ++i) {
    const double x = low + (i + 0.5) * step;
    const auto below = std::upper_bound(samples.begin(), samples.end(), x) - samples.begin();
    distance.wasserstein1 += step * std::abs(static_cast<double>(below) / N - cdf(x));
  }
  return distance;
}

double mean_of(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}
double variance_of(const std::vector<double>& x) {
  const double mean = mean_of(x);
  double sum = 0;
  for (const double value : x) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(x.size() - 1);
}

// Every figure that compare() gives, against what its definition says of the samples themselves; laws that are far and
// near, networks that die.
TEST(Compare, GivesTheFiguresOfTheirDefinitions) {
  const Network standard = vanilla({.width = 20, .depth = 10, .outputs = 3});
  const Network dying = fully_connected({.width = 2, .depth = 3, .outputs = 2});
  const std::pair<Network, Law> cases[] = {{standard, infinite_depth_and_width(standard)},
                                           {standard, infinite_width(standard)},
                                           {dying, infinite_width(dying)},
                                           {dying, exact_fully_connected(dying)}};
  for (const auto& [network, law] : cases) {
    const Ensemble ensemble = simulate(network, {.samples = 3000, .seed = 4});
    const Fit fit = compare(ensemble, law);
    const Samples samples = samples_of(ensemble);
    const double N = static_cast<double>(samples.output.size());

    const auto cdf = [&, &law = law](double x) { return law.cdf(x); };
    const Distance log_norm2 = plain_distance(samples.log_norm2, cdf, -40, 20);
    EXPECT_NEAR(fit.log_output_norm2.ks, log_norm2.ks, 2e-3 * log_norm2.ks + 1e-3);
    EXPECT_NEAR(fit.log_output_norm2.wasserstein1, log_norm2.wasserstein1, 2e-3);
    EXPECT_NEAR(fit.log_output_norm2.mean_z,
                (mean_of(samples.log_norm2) - law.mean()) / std::sqrt(variance_of(samples.log_norm2) / N), 1e-6);
    EXPECT_NEAR(fit.log_output_norm2.variance_ratio, variance_of(samples.log_norm2) / law.variance(), 1e-9);

    // Outputs are symmetric: each sample stands for its opposite too.
    std::vector<double> both = samples.output;
    for (const double z : samples.output) both.push_back(-z);
    const OutputLaw output = law.output();
    const double unit = std::exp(ensemble.log_output_unit);
    const Distance of_output = plain_distance(
        both, [&](double z) { return output.cdf(z * unit); }, -40, 40);
    EXPECT_NEAR(fit.output.ks, of_output.ks, 2e-3 * of_output.ks + 5e-4);
    EXPECT_NEAR(fit.output.wasserstein1, of_output.wasserstein1, 5e-3);
    EXPECT_NEAR(fit.output.mean_z, mean_of(samples.output) / std::sqrt(variance_of(samples.output) / N), 1e-6);
    const double of_living = output.variance() / (1 - law.dead_probability()) / (unit * unit);
    EXPECT_NEAR(fit.output.variance_ratio, variance_of(samples.output) / of_living, 1e-9);
  }
}

// Null hypothesis: the variance of a living network's output is the law's, where most networks die; 4.5 standard
// errors.
TEST(Compare, MeasuresTheVarianceOfTheLiving) {
  const Network network = fully_connected({.width = 2, .depth = 3});
  const Ensemble ensemble = simulate(network, {.samples = support::samples(300'000)});
  EXPECT_GT(static_cast<double>(ensemble.dead), 0.5 * static_cast<double>(ensemble.samples));
  const auto [value, std_error] = ensemble.output.variance();
  EXPECT_NEAR(compare(ensemble, exact_fully_connected(network)).output.variance_ratio, 1, 4.5 * std_error / value);
}

TEST(Compare, MeasuresAShiftOfTheLaw) {
  constexpr double kShift = 0.3;
  const Ensemble ensemble = fully_connected_ensemble();
  const Network one_input = ensemble.network;
  const Law shifted = exact_fully_connected(one_input, Input({std::exp(kShift / 2)}));
  const Fit fit = compare(ensemble, shifted);
  EXPECT_NEAR(fit.log_output_norm2.wasserstein1, kShift, 0.01);
  EXPECT_NEAR(fit.log_output_norm2.mean_z, -kShift / ensemble.log_output_norm2.mean().std_error, 4.5);
  EXPECT_NEAR(fit.log_output_norm2.variance_ratio, 1, 0.03);
  EXPECT_NEAR(fit.output.variance_ratio, std::exp(-kShift), 0.05);
  // Laws that differ in scale are at the distance of their E|z|, here in units of the deviation at infinite width.
  EXPECT_NEAR(fit.output.wasserstein1, (std::exp(kShift / 2) - 1) * mean_absolute_output(10, 5), 0.005);
}

// The paper's standard case. Each figure as the project measured it at 10^6 samples, within the noise of 2 10^5.
TEST(Compare, RefutesTheGaussianLimitOfTheStandardResNet) {
  const Network network = vanilla({.width = 100, .depth = 50, .outputs = 10});
  const Ensemble ensemble = simulate(network, {.samples = 200'000});
  const Fit log_gaussian = compare(ensemble, infinite_depth_and_width(network));
  const Fit gaussian = compare(ensemble, infinite_width(network));
  EXPECT_NEAR(log_gaussian.log_output_norm2.ks, 0.011, 0.004);
  EXPECT_EQ(log_gaussian.verdict, Verdict::kHolds);
  EXPECT_NEAR(gaussian.log_output_norm2.ks, 0.485, 0.004);
  EXPECT_EQ(gaussian.verdict, Verdict::kFails);

  // Without the interlayer covariance the variance is 2.25 d/n + 2/n, and the law is refuted as well.
  const Law without_covariance =
      Law::log_gaussian(log_gaussian_growth(network).mean, 2.25 * 0.5 + 0.02, network.outputs());
  EXPECT_GT(compare(ensemble, without_covariance).log_output_norm2.ks, 0.08);
}

TEST(Compare, FindsTheLimitOfTheBalancedTwinCloser) {
  const Network network = balanced({.width = 100, .depth = 50, .outputs = 10});
  const Ensemble ensemble = simulate(network, {.samples = 200'000});
  EXPECT_LT(compare(ensemble, infinite_depth_and_width(network)).log_output_norm2.ks, 0.006);
  EXPECT_NEAR(compare(ensemble, infinite_width(network)).log_output_norm2.ks, 0.38, 0.005);
}

TEST(Compare, RefusesWhatCannotBeCompared) {
  const Network network = vanilla({.width = 10, .depth = 2, .outputs = 2});
  const Ensemble ensemble = simulate(network, {.samples = 100});
  EXPECT_THAT([&] { compare(ensemble, infinite_width(network.with_outputs(3))); }, Throws<std::invalid_argument>());
  const Network dies = fully_connected({.width = 1, .depth = 200});
  EXPECT_THAT([&] { compare(simulate(dies, {.samples = 10}), infinite_width(dies)); }, Throws<std::invalid_argument>());
}

TEST(Compare, JudgesByTheDistanceAndTheNoise) {
  const Network network = vanilla({.width = 1000, .depth = 5});
  const Ensemble ensemble = simulate(network, {.samples = 10'000});
  const auto verdict = [&](double shift) {
    const LogNormGrowth G = log_gaussian_growth(network);
    return compare(ensemble, Law::log_gaussian(G.mean + shift, G.variance, 1)).verdict;
  };
  EXPECT_EQ(verdict(0), Verdict::kExact);
  EXPECT_EQ(verdict(0.15), Verdict::kHolds);
  EXPECT_EQ(verdict(0.4), Verdict::kRough);
  EXPECT_EQ(verdict(2), Verdict::kFails);
  EXPECT_EQ(to_string(Verdict::kRough), "rough");
}

/// The verdict on a law that is shifted until its distance is `ks`.
Verdict verdict_at(const Ensemble& ensemble, double ks) {
  const LogNormGrowth G = log_gaussian_growth(ensemble.network);
  const auto shifted = [&](double shift) { return Law::log_gaussian(G.mean + shift, G.variance, 1); };
  double low = 0, high = 5;
  while (high - low > 1e-6) {
    const double middle = (low + high) / 2;
    (kolmogorov_smirnov(ensemble, shifted(middle)).value < ks ? low : high) = middle;
  }
  return compare(ensemble, shifted(low)).verdict;
}

TEST(KolmogorovSmirnov, OfEnsemblesHasAnErrorThatIsItsSpread) {
  // H0: over seeds distances have the error's deviation, of antithetic pairs as well; four errors of a deviation.
  const std::uint64_t seeds = support::samples(300);
  const Network network = vanilla({.width = 20, .depth = 20, .outputs = 10});
  const Law law = infinite_width(network);
  for (const Estimator estimator : {Estimator::kPlain, Estimator::kAntithetic}) {
    Moments distances, errors, of_output, errors_of_output;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const Ensemble ensemble = simulate(network, {.samples = 1000, .seed = seed, .estimator = estimator});
      const Fit fit = compare(ensemble, law);
      distances.add(fit.log_output_norm2.ks);
      errors.add(fit.log_output_norm2.ks_std_error);
      of_output.add(fit.output.ks);
      errors_of_output.add(fit.output.ks_std_error);
    }
    const auto is_spread_of = [&](const Moments& moments, const Moments& error) {
      EXPECT_NEAR(std::sqrt(moments.variance().value) / error.mean().value, 1,
                  4 / std::sqrt(2 * static_cast<double>(seeds)))
          << to_string(estimator);
    };
    is_spread_of(distances, errors);
    is_spread_of(of_output, errors_of_output);
  }
}

TEST(Compare, JudgesByItsThresholds) {
  const Ensemble ensemble = simulate(vanilla({.width = 1000, .depth = 2}), {.samples = 10'000});
  const double resolution = 1.63 / 100;
  EXPECT_EQ(verdict_at(ensemble, 0.999 * resolution), Verdict::kExact);
  EXPECT_EQ(verdict_at(ensemble, 1.01 * resolution), Verdict::kHolds);
  EXPECT_EQ(verdict_at(ensemble, 0.0499), Verdict::kHolds);
  EXPECT_EQ(verdict_at(ensemble, 0.0503), Verdict::kRough);
  EXPECT_EQ(verdict_at(ensemble, 0.1499), Verdict::kRough);
  EXPECT_EQ(verdict_at(ensemble, 0.1503), Verdict::kFails);
}

// 1.63/sqrt(N) is below 0.05 from N = 1063 on.
TEST(Compare, DecidesNothingFromFewSamples) {
  const Network wide = vanilla({.width = 1000, .depth = 2});
  const auto verdict = [&](std::uint64_t samples) {
    return compare(simulate(wide, {.samples = samples, .seed = 2}), infinite_depth_and_width(wide)).verdict;
  };
  EXPECT_EQ(verdict(1062), Verdict::kUndecided);
  EXPECT_EQ(verdict(1063), Verdict::kExact);
  const Network network = vanilla({.width = 100, .depth = 50});
  const Ensemble few = simulate(network, {.samples = 20});
  EXPECT_EQ(compare(few, infinite_depth_and_width(network)).verdict, Verdict::kUndecided);
}

// Most networks die, and the first to live say nothing of the others' range. Null hypothesis: the law is exact, at
// level 1e-4.
TEST(Compare, FindsTheExactLawOfNetworksThatMostlyDie) {
  const Network network = fully_connected({.width = 1, .depth = 8});
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Ensemble ensemble = simulate(network, {.samples = support::samples(400'000), .seed = seed});
    const double living = static_cast<double>(ensemble.samples - ensemble.dead);
    const Fit fit = compare(ensemble, exact_fully_connected(network));
    EXPECT_LT(fit.log_output_norm2.ks, 2.23 / std::sqrt(living)) << seed;
  }
}

}  // namespace
}  // namespace initlaw
