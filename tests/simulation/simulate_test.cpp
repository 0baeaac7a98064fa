#include "initlaw/simulate.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <tuple>

#include "engine/engine.hpp"
#include "initlaw/limit.hpp"
#include "initlaw/several_inputs.hpp"
#include "result/json.hpp"

namespace initlaw {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Throws;

/// How many of its standard errors an estimate is from a value.
double z_score(const Estimate& estimate, double expected) { return (estimate.value - expected) / estimate.std_error; }

std::string all_of(const Ensemble& ensemble) { return to_document(ensemble).dump(); }

TEST(Simulate, GivesTheSameForAnyNumberOfThreads) {
  const Network network = balanced({.width = 30, .depth = 7, .outputs = 2});
  for (const Method method : {Method::kFast, Method::kDense}) {
    const std::uint64_t samples = method == Method::kFast ? 20'011 : 1'003;
    const auto run = [&](unsigned threads) {
      return all_of(simulate(network, {.samples = samples, .seed = 5, .method = method, .threads = threads}));
    };
    const std::string one = run(1);
    EXPECT_EQ(run(2), one);
    EXPECT_EQ(run(7), one);
  }
}

TEST(Simulate, DependsOnTheSeed) {
  const Network network = vanilla({.width = 10, .depth = 3});
  const auto mean = [&](std::uint64_t seed) {
    return simulate(network, {.samples = 100, .seed = seed}).growth.mean().value;
  };
  EXPECT_NE(mean(1), mean(2));
  EXPECT_NE(mean(1), mean((std::uint64_t{1} << 32) + 1));
}

TEST(Simulate, ReportsItsProgressInOrder) {
  std::vector<std::uint64_t> reports;
  simulate(vanilla({.width = 100, .depth = 10}), {.samples = 10'000, .threads = 2}, {}, [&](std::uint64_t done) {
    reports.push_back(done);
    return true;
  });
  EXPECT_GT(reports.size(), 5);
  EXPECT_TRUE(std::is_sorted(reports.begin(), reports.end()));
  EXPECT_EQ(reports.back(), 10'000);
}

// Bins are counted of the very numbers: a network that is another, or missing, is in another bin.
TEST(LogOutputNorm2Samples, AreThoseOfTheNetworksThatSimulateSimulates) {
  const Network narrow = fully_connected({.width = 3, .depth = 6, .outputs = 2, .leak = 0});
  const Network residual = vanilla({.width = 20, .depth = 5, .inputs = 3});
  const Input input({1.0, -2.0, 0.5});
  const std::vector<std::tuple<Network, Input, SimulationOptions>> cases{
      {narrow, {}, {.samples = 5'003, .seed = 4}},
      {narrow, {}, {.samples = 1'003, .method = Method::kDense, .precision = Precision::kDouble}},
      {residual, input, {.samples = 3'000, .estimator = Estimator::kAntithetic}},
      {residual, input, {.samples = 1'001, .gradients = OutputDirection::kRandom}}};
  for (const auto& [network, x, options] : cases) {
    const Ensemble ensemble = simulate(network, options, x);
    const std::vector<double> samples = log_output_norm2_samples(network, options, x);
    EXPECT_EQ(samples.size(), options.samples / (options.estimator == Estimator::kAntithetic ? 2 : 1));
    const Histogram& histogram = *ensemble.log_output_norm2_histogram;
    std::vector<std::uint64_t> counts(histogram.counts().size());
    std::uint64_t dead = 0;
    for (const double sample : samples) {
      if (std::isinf(sample)) {
        ++dead;
      } else {
        ++counts.at(histogram.bin_of(sample) - histogram.first_bin());
      }
    }
    EXPECT_EQ(dead, ensemble.dead);
    EXPECT_THAT(counts, testing::ElementsAreArray(histogram.counts()));
  }
}

TEST(LogOutputNorm2Samples, AreInTheOrderOfTheSamples) {
  const Network network = balanced({.width = 30, .depth = 7, .outputs = 2});
  const auto run = [&](std::uint64_t samples, unsigned threads) {
    return log_output_norm2_samples(network, {.samples = samples, .seed = 5, .threads = threads});
  };
  const std::vector<double> all = run(20'011, 1);
  EXPECT_EQ(run(20'011, 7), all);
  EXPECT_EQ(run(10'000, 2), std::vector(all.begin(), all.begin() + 10'000));
}

TEST(LogOutputNorm2Samples, NeedMemory) {
  EXPECT_THAT([] { log_output_norm2_samples(vanilla({.width = 1, .depth = 1}), {.samples = 10'000'000'000'000}); },
              Throws<std::invalid_argument>(testing::Property(&std::exception::what, HasSubstr("samples would take"))));
}

TEST(Simulate, StopsWithWhatIsDone) {
  const Network network = vanilla({.width = 100, .depth = 2});
  const Ensemble stopped = simulate(network, {.samples = 1'000'000'000'000, .threads = 2}, {},
                                    [](std::uint64_t done) { return done < 30'000; });
  EXPECT_GE(stopped.samples, 30'000);
  EXPECT_LT(stopped.samples, 60'000);
  EXPECT_EQ(all_of(stopped).find("null"), std::string::npos);
  const Ensemble whole = simulate(network, {.samples = stopped.samples});
  EXPECT_EQ(whole.growth.mean().value, stopped.growth.mean().value);
}

// Null hypothesis: a neuron layer of width n dies with probability 2^-n, independently. 4.5 standard errors.
TEST(Simulate, CountsDeadNetworks) {
  for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
    const Network network = fully_connected({.width = 3, .depth = 4});
    const Ensemble ensemble = simulate(network, {.samples = 100'000, .precision = precision});
    const double p = 1 - std::pow(1 - std::pow(2.0, -3), 4);
    EXPECT_NEAR(static_cast<double>(ensemble.dead), 1e5 * p, 4.5 * std::sqrt(1e5 * p * (1 - p)));
    EXPECT_EQ(ensemble.growth.count() + ensemble.dead, ensemble.samples);
    EXPECT_LT(std::abs(z_score(ensemble.second_moment.mean(), 1)), 4.5);  // dead ones count as 0
  }
}

TEST(Simulate, SurvivesTheDeathOfEveryNetwork) {
  const Ensemble ensemble = simulate(fully_connected({.width = 1, .depth = 100}), {.samples = 1000});
  EXPECT_EQ(ensemble.dead, 1000);
  EXPECT_EQ(ensemble.second_moment.mean().value, 0);
  EXPECT_FALSE(ensemble.log_output_norm2_histogram.has_value());
}

// alpha = lambda = 1 doubles the mean square in each layer: it grows to about 2^100000.
// Null hypothesis: the mean is that of the limit up to 3% of what the limit adds to the infinite-width one, at 4.5
// standard errors; without that addition, -496, it is off by 50.
TEST(Simulate, ReachesDepthHundredThousandWithoutOverflow) {
  const Network network = vanilla({.width = 400, .depth = 100'000, .alpha = 1, .lambda = 1});
  const Ensemble ensemble = simulate(network, {.samples = 16});
  const double mu = log_gaussian_growth(network).mean;
  const double addition = mu - 100'000 * std::log(2.0);
  EXPECT_LT(ensemble.growth.mean().std_error, 12);
  EXPECT_NEAR(ensemble.growth.mean().value, mu, 0.03 * std::abs(addition) + 4.5 * ensemble.growth.mean().std_error);
  EXPECT_TRUE(std::isfinite(ensemble.log_output_norm2.mean().value));
  EXPECT_TRUE(std::isfinite(ensemble.layers.back().log_norm2_variance.value));
}

TEST(Simulate, NeedsNoMoreMemoryForMoreSamples) {
  const auto peak = [] {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024;
  };
  const Network network = vanilla({.width = 16, .depth = 4});
  simulate(network, {.samples = 50'000});
  const double before = peak();
  simulate(network, {.samples = 2'000'000});
  EXPECT_LT(peak() - before, 10e6);  // bytes; a double a sample would be 16e6
}

// Null hypothesis: the limits of theory hold up to relative corrections of order 1/n, here 2%, at 4.5 standard errors.
TEST(Simulate, MeasuresTheProfileThatTheLimitPredicts) {
  const Network network = vanilla({.width = 400, .depth = 12});
  const Ensemble ensemble = simulate(network, {.samples = 300'000, .seed = 3});
  const auto h = hypoactivation(network);
  const auto active = active_fraction(network);
  for (std::size_t l = 0; l < 12; ++l) {
    const auto& [S, share, mean, variance] = ensemble.layers[l];
    EXPECT_NEAR(S.value, h[l], 0.02 * std::abs(h[l]) + 4.5 * S.std_error) << "layer " << l;
    EXPECT_NEAR(share.value - 0.5, active[l] - 0.5, 0.02 * std::abs(active[l] - 0.5) + 4.5 * share.std_error);
  }
  for (const auto& [lag, covariance] : ensemble.interlayer_covariance) {
    const double expected = mean_interlayer_covariance(network, lag);
    EXPECT_NEAR(covariance.value, expected, 0.03 * expected + 4.5 * covariance.std_error) << "lag " << lag;
  }
}

TEST(Simulate, MeasuresTheLogNormOfTheFirstLayerAsAChiSquare) {
  const Ensemble ensemble =
      simulate(vanilla({.width = 10, .depth = 1, .inputs = 2}), {.samples = 100'000}, Input({3, 4}));
  // ln||z_0||^2 = ln(25/2) + ln chi^2_10: digamma(5) + ln 2, trigamma(5)
  EXPECT_LT(std::abs(z_score(ensemble.layers[0].log_norm2_mean, std::log(12.5) + 1.5061176684318003 + std::log(2.0))),
            4.5);
  EXPECT_LT(std::abs(z_score(ensemble.layers[0].log_norm2_variance, 0.22132295573711533)), 4.5);
}

// Null hypothesis: the kurtosis is the exact law's, dead networks (here 6%) included; 4.5 standard errors.
TEST(Simulate, MeasuresTheKurtosisOfOneOutput) {
  const Network network = fully_connected({.width = 5, .depth = 2, .outputs = 3});
  const double exact = exact_fully_connected(network).output().excess_kurtosis();
  Moments kurtosis;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    kurtosis.add(simulate(network, {.samples = 20'000, .seed = seed}).output_excess_kurtosis.value);
  }
  EXPECT_LT(std::abs(z_score(kurtosis.mean(), exact)), 4.5);
}

// With a variance of G of 3 the fourth moment that the error needs takes 10^10 networks; a few thousand show a
// hundredth of it, and with it an error that is far too small.
TEST(Simulate, GivesNoErrorOfAKurtosisThatFewNetworksMake) {
  const Ensemble ensemble = simulate(vanilla({.width = 20, .depth = 20}), {.samples = 5000});
  EXPECT_GT(ensemble.output_excess_kurtosis.value, 0);
  EXPECT_FALSE(std::isfinite(ensemble.output_excess_kurtosis.std_error));
}

// Of width 1, z_0 < 0 in half of the networks, and those pass nothing on. Null hypothesis: one half, at 4.5 standard
// errors.
TEST(Simulate, CountsFrozenNetworks) {
  for (const Method method : {Method::kFast, Method::kDense}) {
    const auto frozen = [&](const Network& network) {
      return static_cast<double>(simulate(network, {.samples = 10'000, .method = method}).frozen);
    };
    EXPECT_NEAR(frozen(vanilla({.width = 1, .depth = 1})), 5000, 4.5 * 50);
    EXPECT_EQ(frozen(vanilla({.width = 1, .depth = 1, .leak = 0.1})), 0);
    EXPECT_EQ(frozen(balanced({.width = 1, .depth = 1})), 0);
    EXPECT_EQ(frozen(fully_connected({.width = 1, .depth = 1})), 0);  // those are dead
  }
}

constexpr std::uint64_t kSeeds = 50;

/// The spread of an estimate over ensembles of so many seeds, divided by the standard error that it comes with.
template <typename Estimated>
double spread_in_errors(const std::vector<Ensemble>& ensembles, const Estimated& estimated) {
  Moments values;
  double error2 = 0;
  for (const Ensemble& ensemble : ensembles) {
    const Estimate estimate = estimated(ensemble);
    values.add(estimate.value);
    error2 += estimate.std_error * estimate.std_error / static_cast<double>(ensembles.size());
  }
  return std::sqrt(values.variance().value / error2);
}

std::vector<Ensemble> ensembles_of_seeds(const Network& network, const SimulationOptions& options) {
  std::vector<Ensemble> ensembles;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SimulationOptions seeded = options;
    seeded.seed = seed;
    ensembles.push_back(simulate(network, seeded));
  }
  return ensembles;
}

// Of 50 numbers the standard deviation is known to 10%; at 4 such errors.
TEST(Simulate, GivesErrorsThatAreTheSpreadOverSeeds) {
  const auto ensembles = ensembles_of_seeds(vanilla({.width = 20, .depth = 10}), {.samples = 5000});
  const auto expect_honest = [&](const char* name, const auto& estimated) {
    EXPECT_NEAR(spread_in_errors(ensembles, estimated), 1, 0.4) << name;
  };
  expect_honest("G's mean", [](const Ensemble& e) { return e.growth.mean(); });
  expect_honest("G's variance", [](const Ensemble& e) { return e.growth.variance(); });
  expect_honest("hypoactivation", [](const Ensemble& e) { return e.layers[7].hypoactivation; });
  expect_honest("active fraction", [](const Ensemble& e) { return e.layers[7].active_fraction; });
  expect_honest("log-norm's variance", [](const Ensemble& e) { return e.layers[7].log_norm2_variance; });
  expect_honest("covariance", [](const Ensemble& e) { return e.interlayer_covariance[2].covariance; });
  expect_honest("second moment", [](const Ensemble& e) { return e.second_moment.mean(); });
  expect_honest("1% quantile", [](const Ensemble& e) { return e.log_output_norm2_histogram->quantile(0.01); });
  expect_honest("median", [](const Ensemble& e) { return e.log_output_norm2_histogram->quantile(0.5); });
}

// In narrow layers S is far from 0, and the errors of its means matter. A death leaves fewer networks in a batch.
// Limits as above; the covariance itself is that of the definition: of all networks about their common mean, to 4.5
// such errors.
TEST(Simulate, GivesCovariancesWithErrorsThatAreTheSpreadOverSeeds) {
  struct Case {
    Network network;
    Estimator estimator = Estimator::kPlain;
    Method method = Method::kFast;
  };
  const Case cases[] = {{vanilla({.width = 1, .depth = 3})},
                        {vanilla({.width = 2, .depth = 4})},
                        {fully_connected({.width = 3, .depth = 4})},
                        {vanilla({.width = 10, .depth = 10}), Estimator::kAntithetic},
                        {vanilla({.width = 3, .depth = 3}), Estimator::kPlain, Method::kDense}};
  for (const Case& c : cases) {
    SCOPED_TRACE(to_json(c.network));
    const auto ensembles = ensembles_of_seeds(
        c.network,
        {.samples = 3000, .method = c.method, .estimator = c.estimator, .lags = std::vector<std::size_t>{0, 1, 2}});
    for (const std::size_t lag : {0u, 1u, 2u}) {
      EXPECT_NEAR(
          spread_in_errors(ensembles, [&](const Ensemble& e) { return e.interlayer_covariance[lag].covariance; }), 1,
          0.4)
          << lag;
    }
  }
}

// The error of a ratio of two means that go together: without their covariance it would be 1.7 times as large.
TEST(Simulate, GivesAKurtosisWithAnErrorThatIsTheSpreadOverSeeds) {
  const auto ensembles = ensembles_of_seeds(fully_connected({.width = 100, .depth = 4}), {.samples = 10'000});
  EXPECT_NEAR(spread_in_errors(ensembles, [](const Ensemble& e) { return e.output_excess_kurtosis; }), 1, 0.35);
}

TEST(Simulate, MeasuresTheCovarianceOfItsDefinition) {
  const Network network = fully_connected({.width = std::vector<std::size_t>{3, 4, 3, 5}, .depth = 3});
  const std::vector<std::size_t> lags{0, 1, 2};
  const Ensemble ensemble = simulate(network, {.samples = 200'000, .lags = lags});
  const auto engine = make_fast_engine(network, Input(), 1, Precision::kFloat);
  std::vector<std::vector<double>> S(network.depth());  // of the living
  for (std::uint64_t q = 0; q < ensemble.samples / kBlock; ++q) {
    const Block block = engine->run(q * kBlock, kBlock);
    for (std::size_t i = 0; i < kBlock; ++i) {
      if (std::isinf(block.last_log_norm2()[i])) continue;
      for (std::size_t l = 0; l < network.depth(); ++l) S[l].push_back(block.S[l * kBlock + i]);
    }
  }
  for (const std::size_t lag : lags) {
    double expected = 0;
    for (std::size_t m = 0; m + lag < network.depth(); ++m) {
      JointMoments moments;
      for (std::size_t i = 0; i < S[m].size(); ++i) moments.add(S[m][i], S[m + lag][i]);
      const double n = std::sqrt(static_cast<double>(network.width(m) * network.width(m + lag)));
      expected += n * moments.covariance().value / static_cast<double>(network.depth() - lag);
    }
    const auto [value, std_error] = ensemble.interlayer_covariance[lag].covariance;
    // The two estimates are of the same networks; batches of 16 lose a fifteenth of what they know.
    EXPECT_NEAR(value, expected, std_error) << lag;
  }
}

// Where the skip path is tiny beside the branch, a network whose neurons are all inactive is frozen and lives on. Null
// hypothesis: it does so as in double precision, 4.5 standard errors; and at scales at the ends of a double's range
// nothing changes but the scale.
TEST(Simulate, LosesNoNetworkAtExtremeScales) {
  const auto growth = [](double alpha, double lambda, Precision precision, Method method) {
    const Network network = vanilla({.width = 2, .depth = 4, .alpha = alpha, .lambda = lambda});
    return simulate(network, {.samples = 20'000, .method = method, .precision = precision});
  };
  for (const double lambda : {1e19, 1e25, 1e45, 1e140}) {
    const Ensemble expected = growth(1, lambda, Precision::kDouble, Method::kDense);
    EXPECT_EQ(expected.dead, 0);
    for (const Method method : {Method::kFast, Method::kDense}) {
      for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
        const Ensemble found = growth(1, lambda, precision, method);
        EXPECT_EQ(found.dead, 0) << lambda;
        const double error = std::hypot(found.growth.mean().std_error, expected.growth.mean().std_error);
        EXPECT_NEAR(found.growth.mean().value, expected.growth.mean().value, 4.5 * error) << lambda;
        EXPECT_NEAR(found.growth.variance().value, expected.growth.variance().value,
                    4.5 * std::hypot(found.growth.variance().std_error, expected.growth.variance().std_error))
            << lambda;
      }
    }
  }
  const Ensemble plain = growth(1, 1, Precision::kFloat, Method::kFast);
  for (const double scale : {5e-324, 1e-300, 1.7e308}) {
    const Ensemble scaled = growth(scale, scale, Precision::kFloat, Method::kFast);
    EXPECT_NEAR(scaled.growth.mean().value - 8 * std::log(scale), plain.growth.mean().value, 1e-10) << scale;
    EXPECT_NEAR(scaled.growth.variance().value, plain.growth.variance().value, 1e-8) << scale;
  }
}

// An activation with a leak of 1e-9 passes 1e-18 of the square where all neurons are inactive, and not 0. Of width 1
// the growth is ln g^2 a layer, plus ln 2, and ln(2 leak^2) in half of the layers: mean and variance to 4.5 standard
// errors.
TEST(Simulate, KeepsWhatATinyLeakPasses) {
  const double leak = 1e-9, depth = 5;
  const Network network = fully_connected({.width = 1, .depth = 5, .leak = leak});
  for (const Method method : {Method::kFast, Method::kDense}) {
    const Ensemble ensemble = simulate(network, {.samples = 20'000, .method = method});
    EXPECT_EQ(ensemble.dead, 0);
    const double log_chi2 = -1.2703628454614782, pi2 = std::numbers::pi * std::numbers::pi;
    const double mean = (depth + 1) * log_chi2 + depth * (std::log(2.0) + std::log(leak));
    const double variance = (depth + 1) * pi2 / 2 + depth * std::log(leak) * std::log(leak);
    EXPECT_LT(std::abs(z_score(ensemble.growth.mean(), mean)), 4.5);
    EXPECT_LT(std::abs(z_score(ensemble.growth.variance(), variance)), 4.5);
  }
}

// Of width 1 and with leak 1 a branch of B layers multiplies by B normals: G is a sum of B + 1 terms ln g^2, also where
// the product leaves a double's range. Mean and variance to 4.5 standard errors.
TEST(Simulate, LosesNoNetworkInDeepBranches) {
  const double log_chi2 = -1.2703628454614782, pi2 = std::numbers::pi * std::numbers::pi;
  for (const std::size_t B : {100u, 500u, 3000u}) {
    const Network network = vanilla({.width = 1, .depth = 1, .alpha = 0, .lambda = 1, .leak = 1, .branch_depth = B});
    const double terms = static_cast<double>(B + 1);
    const Ensemble ensemble = simulate(network, {.samples = 2000});
    EXPECT_EQ(ensemble.dead, 0);
    EXPECT_LT(std::abs(z_score(ensemble.growth.mean(), terms * log_chi2)), 4.5) << B;
    EXPECT_LT(std::abs(z_score(ensemble.growth.variance(), terms * pi2 / 2)), 4.5) << B;
    const JointEnsemble joint = simulate_jointly(network, JointOptions{.samples = 300}, {{1}, {-2}});
    EXPECT_LT(std::abs(z_score(joint.growth[1].mean(), terms * log_chi2)), 4.5) << B;
    EXPECT_EQ(joint.cosine.back()[0].mean().value, -1);
  }
}

TEST(Simulate, MeasuresAtTheLagsAskedFor) {
  const Ensemble ensemble =
      simulate(vanilla({.width = 10, .depth = 5}), {.samples = 100, .lags = std::vector<std::size_t>{4, 1}});
  ASSERT_EQ(ensemble.interlayer_covariance.size(), 2);
  EXPECT_EQ(ensemble.interlayer_covariance[0].lag, 4);
  EXPECT_THAT(default_lags(vanilla({.width = 10, .depth = 9})), ElementsAre(0, 1, 2, 4, 8));
}

TEST(Simulate, RefusesOptionsOutOfRange) {
  const Network network = vanilla({.width = 10, .depth = 5});
  const auto refuses = [&](const SimulationOptions& options, const char* named) {
    EXPECT_THAT([&] { simulate(network, options); }, ::testing::ThrowsMessage<std::invalid_argument>(HasSubstr(named)));
  };
  refuses({.samples = 0}, "samples: 0");
  refuses({.samples = std::uint64_t{1} << 60}, "samples");
  refuses({.threads = 100'000}, "threads");
  refuses({.lags = std::vector<std::size_t>{5}}, "lags: 5");
  EXPECT_THAT([&] { simulate(network, {}, Input({1, 2})); }, Throws<std::invalid_argument>());
}

}  // namespace
}  // namespace initlaw
