#include "initlaw/finite_width.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/math/special_functions/polygamma.hpp>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "initlaw/limit.hpp"
#include "law/log_chi_square.hpp"
#include "law/plain_second_order.hpp"
#include "law/reference_networks.hpp"
#include "law/second_order.hpp"
#include "law/third_order.hpp"

namespace initlaw {
namespace {

/// The coefficients of 1/n and 1/n^2 in the cumulants: sums of ln r^2 are 0 where alpha^2 + lambda^2 = 1.
struct Coefficients {
  double mean1;
  double mean2;
  double variance1;
  double variance2;
  double third2;
};

Coefficients coefficients(const LogNormCumulants& first, const LogNormCumulants& second, double n) {
  return {first.mean * n, (second.mean - first.mean) * n * n, first.variance * n,
          (second.variance - first.variance) * n * n, second.third * n * n};
}

Coefficients coefficients(const Network& network) {
  return coefficients(log_norm_cumulants(network, FiniteWidthOrder::kFirst), log_norm_cumulants(network),
                      static_cast<double>(network.width(0)));
}

void expect_near(const Coefficients& actual, const Coefficients& expected, double error, const std::string& name) {
  EXPECT_NEAR(actual.mean1, expected.mean1, error) << name;
  EXPECT_NEAR(actual.mean2, expected.mean2, error) << name;
  EXPECT_NEAR(actual.variance1, expected.variance1, error) << name;
  EXPECT_NEAR(actual.variance2, expected.variance2, error) << name;
  EXPECT_NEAR(actual.third2, expected.third2, error) << name;
}

/// alpha^2 + lambda^2 = 1. Width 1 leaves the coefficients undivided.
Network of_alpha2(double alpha2, std::size_t depth, double b = 1, double flip = 0, std::size_t branch_depth = 1) {
  return vanilla({.width = 1,
                  .depth = depth,
                  .alpha = std::sqrt(alpha2),
                  .lambda = std::sqrt(1 - alpha2),
                  .leak = std::sqrt((1 - b) / (1 + b)),
                  .branch_depth = branch_depth})
      .with_flip(flip);
}

/// A row of the table of docs/finite-width-law.md: the cumulants of a deep network are slope d + offset.
struct CheckValues {
  double alpha2;
  double b;
  double flip;
  std::size_t branch_depth;
  Coefficients slope;
  Coefficients offset;
};

const std::vector<CheckValues> kCheckValues = {
    {0, 1, 0, 1, {-2.5, -4.0833333333, 5, 18.5, -31}, {-1, -0.33333333, 2, 2, -4}},
    {0.3,
     1,
     0,
     1,
     {-2.4633674194, -6.7236311415, 6.3951255705, 43.7480048309, -99.1709645307},
     {0.74549203, 20.37122780, -4.78123340, -132.94394595, 315.91007660}},
    {0.5,
     1,
     0,
     1,
     {-1.9838606340, -5.3428419182, 5.4424780429, 38.1529816506, -94.6082775911},
     {1.76236632, 34.81477445, -8.67744960, -237.76146615, 598.39325135}},
    {0.64,
     1,
     0,
     1,
     {-1.5355309662, -3.8000432120, 4.3282906839, 28.9547216566, -76.4375001111},
     {2.48354778, 44.67216704, -11.44194465, -314.46723566, 820.46264980}},
    {0.8,
     1,
     0,
     1,
     {-0.9192084627, -1.8708975080, 2.6540300951, 15.6891749851, -45.1511604964},
     {3.32030873, 54.85941504, -14.65453530, -400.46525878, 1088.72822567}},
    {0.5, 1, 0.5, 1, {-1.125, 0.5364583333, 2.25, -0.34375, -2.1875}, {-1, -0.33333333, 2, 2, -4}},
    {0.3, 1, 0.5, 1, {-1.645, -0.1474083333, 3.29, 3.14825, -8.5603}, {-1, -0.33333333, 2, 2, -4}},
    {0.8, 1, 0.5, 1, {-0.42, 0.2281333333, 0.84, -0.508, 0.1552}, {-1, -0.33333333, 2, 2, -4}},
    {0.5,
     0.5,
     0,
     1,
     {-1.0584651585, -0.0941806480, 2.4856195107, 1.6478479056, -4.7196673968},
     {-0.30940842, 0.99934667, -0.66936240, -7.47018147, 18.87996446}},
    {0.64,
     1,
     0.1,
     1,
     {-1.1384257358, 0.0412515523, 2.8215988969, 2.6263239233, -9.4225821636},
     {-0.08417560, 2.88173525, -1.39177210, -20.15948469, 51.11448404}},
    {0.64,
     1,
     0,
     2,
     {-1.8595309662, -1.3497721014, 4.9762906839, 18.7708292675, -64.2478766691},
     {2.48354778, 42.34187216, -11.44194465, -309.56031819, 845.21427555}},
    {0.5, 0, 0, 1, {-0.75, -0.3541666667, 1.5, 1.625, -2.75}, {-1, -0.33333333, 2, 2, -4}},
};

TEST(LogNormCumulants, HaveTheTheorysSlopesAndOffsets) {
  for (const CheckValues& row : kCheckValues) {
    constexpr std::size_t kDeep = 400;
    const Network network = of_alpha2(row.alpha2, kDeep, row.b, row.flip, row.branch_depth);
    const auto first = log_norm_cumulants_by_layer(network, FiniteWidthOrder::kFirst);
    const auto second = log_norm_cumulants_by_layer(network);
    const Coefficients last = coefficients(first[kDeep], second[kDeep], 1);
    const Coefficients before = coefficients(first[kDeep - 1], second[kDeep - 1], 1);
    const Coefficients slope{last.mean1 - before.mean1, last.mean2 - before.mean2, last.variance1 - before.variance1,
                             last.variance2 - before.variance2, last.third2 - before.third2};
    const auto offset = [](double value, double per_layer) { return value - per_layer * kDeep; };
    const std::string name = "alpha^2 " + std::to_string(row.alpha2) + ", p " + std::to_string(row.flip);
    expect_near(slope, row.slope, 2e-10, name);
    expect_near(
        {offset(last.mean1, slope.mean1), offset(last.mean2, slope.mean2), offset(last.variance1, slope.variance1),
         offset(last.variance2, slope.variance2), offset(last.third2, slope.third2)},
        row.offset, 2e-8, name);
  }
}

TEST(LogNormCumulants, HaveTheTheorysValuesAtFiniteDepth) {
  constexpr double kLastDigit = 0.51e-10;
  expect_near(coefficients(of_alpha2(0.5, 50)),
              {-97.4306654623, -232.3273319280, 263.4464528584, 1669.8876939158, -4132.0208422870}, 2 * kLastDigit,
              "alpha^2 = .5");
  expect_near(coefficients(of_alpha2(0.8, 6)), {-4.3179838139, 2.6647278282, 9.6804337707, -7.8301400705, 6.8951480318},
              kLastDigit, "alpha^2 = .8");
  Coefficients schedule = coefficients(vanilla({.width = 1,
                                                .depth = 5,
                                                .alpha = std::vector<double>{.9, .3, 1.1, .5, .8},
                                                .lambda = std::vector<double>{.4, 1, .3, .7, .6},
                                                .leak = std::sqrt(0.3 / 1.7)})
                                           .with_flip(0.2));
  schedule.mean1 -= 0.0169776604;  // sum of ln r^2, rounded as well
  expect_near(schedule, {-5.1896995928, -0.0966692770, 10.7084779744, 6.1821846743, -18.0766975424}, 2 * kLastDigit,
              "schedule");
}

/// Small networks of all kinds, of width 1.
std::vector<Network> small_networks() {
  std::mt19937 generator(1);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<Network> networks;
  for (std::size_t i = 0; i < 24; ++i) {
    const std::size_t depth = 1 + i % 6;
    std::vector<double> alpha(depth), lambda(depth);
    for (std::size_t l = 0; l < depth; ++l) {
      alpha[l] = generator() % 5 == 0 ? 0 : uniform(generator);
      lambda[l] = alpha[l] != 0 && generator() % 4 == 0 ? 0 : uniform(generator);
    }
    networks.push_back(vanilla({.width = 1,
                                .depth = depth,
                                .alpha = alpha,
                                .lambda = lambda,
                                .leak = i % 3 == 0 ? 0 : uniform(generator),
                                .branch_depth = 1 + i % 4 / 3 * (1 + i % 3)})
                           .with_flip(i % 2 == 0 ? 0 : std::abs(uniform(generator))));
  }
  networks.push_back(vanilla({.width = 1, .depth = 7, .alpha = -0.6, .lambda = 0.8}));
  networks.push_back(stable({.width = 1, .depth = 6, .branch_depth = 3}));
  return networks;
}

double value(const MomentPolynomial& polynomial, double t) {
  double sum = 0;
  for (std::size_t i = polynomial.size(); i-- > 0;) sum = sum * t + polynomial[i];
  return sum;
}

TEST(SecondOrder, IsThePlainSumOverAllDiagrams) {
  for (const Network& network : small_networks()) {
    const MomentPolynomial sum = second_order(network);
    const PlainSecondOrder plain(network);
    for (const double t : {-1.0, 0.5, 1.0, 2.0, 3.0}) {
      const double expected = plain.at(t);
      EXPECT_NEAR(value(sum, t), expected, 1e-12 * (1 + std::abs(expected))) << to_json(network) << ", t = " << t;
    }
  }
}

TEST(SecondOrder, IsFarFromWrongTheories) {
  const Network network = of_alpha2(0.5, 6);
  for (const PlainVariation& wrong : {PlainVariation{.triples = false}, PlainVariation{.derivatives = false},
                                      PlainVariation{.last_label_linear = false}}) {
    EXPECT_GT(std::abs(value(second_order(network), 2) - PlainSecondOrder(network, wrong).at(2)), 1);
  }
}

TEST(SecondOrder, OfEachLayerIsThatOfTheNetworkCutThere) {
  const std::vector<double> alpha{.9, .3, -1.1, 0, .8, .7};
  const std::vector<double> lambda{.4, 1, .3, .7, 0, .6};
  const auto cut = [&](std::size_t depth) {
    const auto first = [&](const std::vector<double>& all) {
      return std::vector<double>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(depth));
    };
    return vanilla({.width = 3, .depth = depth, .alpha = first(alpha), .lambda = first(lambda), .branch_depth = 2})
        .with_flip(0.3);
  };
  const auto by_layer = second_order_by_layer(cut(6));
  ASSERT_EQ(by_layer.size(), 7);
  for (std::size_t l = 1; l <= 6; ++l) {
    const MomentPolynomial alone = second_order(cut(l));
    for (std::size_t i = 0; i < alone.size(); ++i) EXPECT_NEAR(by_layer[l][i], alone[i], 1e-13) << "layer " << l;
  }
}

/// The same network as one whose layers could differ, for which nothing is known of the next layer from the last.
Network as_schedule(const Network& network) {
  return vanilla({.width = network.width(0),
                  .depth = network.depth(),
                  .alpha = std::vector<double>(network.depth(), network.alpha(1)),
                  .lambda = std::vector<double>(network.depth(), network.lambda(1)),
                  .leak = network.leak(),
                  .branch_depth = network.branch_depth()})
      .with_flip(network.flip());
}

void expect_near(const MomentPolynomial& actual, const MomentPolynomial& expected, double relative,
                 const std::string& name) {
  double largest = 0;
  for (const double coefficient : expected) largest = std::max(largest, std::abs(coefficient));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(actual[i], expected[i], relative * largest) << name << ", power " << i;
  }
}

/// Constant networks of all depths, memories and kinds, of width 1.
std::vector<Network> constant_networks() {
  std::mt19937 generator(2);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<Network> networks;
  for (std::size_t i = 0; i < 40; ++i) {
    // From memory of a layer or two to that of all.
    const std::array<double, 5> lambdas{1.0, 0.3, 0.05, 1e-3, 1e-9};
    networks.push_back(vanilla({.width = 1,
                                .depth = 1 + generator() % 200,
                                .alpha = i % 4 == 0 ? 1 : 2 * uniform(generator),
                                .lambda = lambdas[i % lambdas.size()],
                                .leak = i % 3 == 0 ? 0 : uniform(generator),
                                .branch_depth = 1 + i % 7 / 5 * (1 + i % 3)})
                           .with_flip(i % 2 == 0 ? 0 : std::abs(uniform(generator))));
  }
  networks.push_back(vanilla({.width = 1, .depth = 200, .alpha = -1, .lambda = 0.1}));
  networks.push_back(vanilla({.width = 1, .depth = 200, .alpha = 1, .lambda = 0}));
  networks.push_back(vanilla({.width = 1, .depth = 200, .alpha = 0, .lambda = 1}));
  networks.push_back(stable({.width = 1, .depth = 200}));
  networks.push_back(stable({.width = 1, .depth = 1000}));
  networks.push_back(of_alpha2(0.2, 400));
  return networks;
}

TEST(SecondOrder, IsThatOfTheSameNetworkWrittenAsASchedule) {
  // That of a constant network is summed by distances, with fast Fourier transforms.
  for (const Network& network : constant_networks()) {
    const auto constant = second_order_by_layer(network);
    const auto schedule = second_order_by_layer(as_schedule(network));
    ASSERT_EQ(constant.size(), schedule.size());
    for (std::size_t l = 0; l < constant.size(); ++l) {
      expect_near(constant[l], schedule[l], 1e-12, to_json(network) + ", layer " + std::to_string(l));
    }
    expect_near(second_order(network), schedule.back(), 1e-12, to_json(network));
    expect_near(second_order(as_schedule(network)), schedule.back(), 1e-15, to_json(network));
  }
}

TEST(SecondOrder, HasNoFourthPower) {
  for (const Network& network : small_networks()) EXPECT_NEAR(second_order(network)[4], 0, 1e-12) << to_json(network);
}

TEST(LogNormCumulants, AreTheLimitsAtFirstOrder) {
  for (const auto& [name, network, mean, variance, layers] : growth_references()) {
    if (network.depth() > 1000) continue;
    const LogNormCumulants first = log_norm_cumulants(network, FiniteWidthOrder::kFirst);
    EXPECT_EQ(first.mean, log_gaussian_growth(network).mean) << name;
    EXPECT_EQ(first.variance, log_gaussian_growth(network).variance) << name;
    EXPECT_EQ(first.third, 0) << name;
  }
}

/// What the second order leaves out of a layer without memory is of order 1/n^3: eight times less at twice the width.
void expect_eight(double at_n, double at_2n) { EXPECT_NEAR(at_n / at_2n, 8, 0.5); }

TEST(LogNormCumulants, LeaveOutTheThirdOrderOfTheExactLawOfFullyConnectedNets) {
  const auto left_out = [](std::size_t n) {
    const Network network = fully_connected({.width = std::vector<std::size_t>{n, 2 * n, n, 3 * n}, .depth = 3});
    const LogNormCumulants second = log_norm_cumulants(network);
    const Law exact = exact_fully_connected(network);
    const LogChiSquare output(1);
    return std::array{exact.mean() - output.mean() - second.mean,
                      exact.variance() - output.variance() - second.variance,
                      exact.log_second_moment() - second.log_moment(1)};
  };
  const auto at_n = left_out(60);
  const auto at_2n = left_out(120);
  for (std::size_t i = 0; i < at_n.size(); ++i) {
    // E||z_out||^2 is exact at every order.
    if (i == 2) {
      EXPECT_NEAR(at_n[i], 0, 1e-12);
    } else {
      expect_eight(at_n[i], at_2n[i]);
    }
  }
}

TEST(LogNormCumulants, LeaveOutTheThirdOrderOfPolygammasWithoutActivation) {
  // leak 1 and alpha = 0: each of the d + 1 matrices multiplies the squared norm by chi^2_n/n.
  constexpr double kMatrices = 5;
  const auto left_out = [](std::size_t width) {
    const LogNormCumulants second = log_norm_cumulants(fully_connected({.width = width, .depth = 4, .leak = 1}));
    const double n = static_cast<double>(width);
    return std::array{kMatrices * boost::math::polygamma(1, n / 2) - second.variance,
                      kMatrices * boost::math::polygamma(2, n / 2) - second.third};
  };
  const auto at_n = left_out(200);
  const auto at_2n = left_out(400);
  for (std::size_t i = 0; i < at_n.size(); ++i) expect_eight(at_n[i], at_2n[i]);
}

TEST(LogNormCumulants, AreFiniteAtTheEdgesOfWhatANetworkMayBe) {
  for (const double lambda : {0.0, 1e-170, 1e-160, 1e-8, 1e140}) {
    for (const double alpha : {1.0, -1.0}) {
      for (const std::size_t depth : {1, 20}) {
        const LogNormCumulants cumulants =
            log_norm_cumulants(vanilla({.width = 1, .depth = depth, .alpha = alpha, .lambda = lambda}));
        EXPECT_TRUE(std::isfinite(cumulants.mean) && std::isfinite(cumulants.variance) &&
                    std::isfinite(cumulants.third))
            << lambda;
      }
    }
  }
}

/// Relative error of the recursion's basis where alpha^2 <= 0.8.
constexpr double kBasis = 1e-4;

TEST(Recursion, HasTheClosedFormsSecondOrder) {
  for (const Network& network : small_networks()) {
    EXPECT_LT(third_order_error(network), kBasis) << to_json(network);
  }
  for (const CheckValues& row : kCheckValues) {
    EXPECT_LT(third_order_error(of_alpha2(row.alpha2, 60, row.b, row.flip, row.branch_depth)), kBasis) << row.alpha2;
  }
}

TEST(Recursion, IsFarFromTheClosedFormOfAnotherLaw) {
  // The same comparison tells wrong theories: that of one network with the recursion of another.
  const MomentPolynomial exact = second_order(of_alpha2(0.5, 50));
  const MomentPolynomial other = recursion_terms_by_layer(of_alpha2(0.51, 50)).back().second;
  EXPECT_GT(std::abs(other[1] / exact[1] - 1), 10 * kBasis);
}

TEST(ThirdOrder, HasTheTheorysSlopes) {
  // Of the cumulants 1 to 4, by another program with a relative error of 1e-4 for alpha^2 <= .5, 1e-3 beyond.
  struct Row {
    Network network;
    std::array<double, 4> slopes;
    double error;
  };
  constexpr std::size_t kDeep = 400;
  const std::vector<Row> rows = {
      {of_alpha2(0, kDeep), {-12, 84.833, -287, 418}, 1e-5},
      {of_alpha2(0.3, kDeep), {-39.898, 420.61, -2045.6, 4196.2}, 1e-4},
      {of_alpha2(0.5, kDeep), {-33.752, 398.61, -2159.3, 4913.4}, 1e-4},
      {of_alpha2(0.8, kDeep), {-11.931, 169.58, -1086.3, 2885.1}, 1e-3},
      {of_alpha2(0.8, kDeep, 1, 0.5), {-0.6016, 1.8226, -2.0331, 0.69952}, 1e-4},
      {of_alpha2(0.5, kDeep, 0.5), {2.0511, -15.536, 51.874, -68.522}, 1e-4},
      {of_alpha2(0.64, kDeep, 1, 0.1), {5.4171, -31.551, 71.795, -30.489}, 1e-3},
      {of_alpha2(0.64, kDeep, 1, 0, 2), {-20.396, 260.26, -1592.6, 4183.3}, 1e-3},
      {of_alpha2(0.5, kDeep, 0), {-0.1875, 1.75, -6.75, 10.5}, 1e-8},
  };
  for (const auto& [network, slopes, error] : rows) {
    const auto terms = recursion_terms_by_layer(network);
    double factorial = 1;
    for (std::size_t k = 1; k <= 4; ++k) {
      factorial *= static_cast<double>(k);
      const double slope = factorial * (terms[kDeep].third[k] - terms[kDeep - 1].third[k]);
      EXPECT_NEAR(slope, slopes[k - 1], error * std::abs(slopes[k - 1])) << to_json(network) << ", cumulant " << k;
    }
  }
}

TEST(Recursion, OfAConstantNetworkIsThatOfItsSchedule) {
  // A constant network stops computing where it is in its steady state, and where its layers change little it computes
  // few of them: of the last five.
  constexpr std::size_t kDepth = 300;
  const std::vector<Network> networks = {
      of_alpha2(0.5, kDepth),
      of_alpha2(0.9999, kDepth, 1, 0.2),
      stable({.width = 1, .depth = kDepth}),
      stable({.width = 1, .depth = kDepth, .branch_depth = 3}),
      stable({.width = 1, .depth = kDepth}).with_flip(0.5),
      vanilla({.width = 1, .depth = kDepth, .alpha = -1, .lambda = 0.01}).with_flip(1),
      vanilla({.width = 1, .depth = kDepth, .alpha = 1, .lambda = 0})};
  for (const Network& network : networks) {
    const auto constant = recursion_terms_by_layer(network);
    const auto schedule = recursion_terms_by_layer(as_schedule(network));
    const auto activity = activity_series(network);
    const auto activity_of_schedule = activity_series(as_schedule(network));
    ASSERT_EQ(constant.size(), kDepth + 1);
    ASSERT_EQ(activity.size(), kDepth);
    for (std::size_t l = 0; l <= kDepth; ++l) {
      const std::string name = to_json(network) + ", layer " + std::to_string(l);
      expect_near(constant[l].second, schedule[l].second, 1e-9, name);
      expect_near(constant[l].third, schedule[l].third, 1e-9, name);
      if (l == kDepth) continue;
      for (std::size_t g = 1; g < 4; ++g) {
        const auto expect_same = [&](const WidthSeries& actual, const WidthSeries& expected) {
          EXPECT_NEAR(actual[g], expected[g], 1e-9 * std::abs(expected[g]) + 1e-12) << name;
        };
        expect_same(activity[l].hypoactivation, activity_of_schedule[l].hypoactivation);
        expect_same(activity[l].active_excess, activity_of_schedule[l].active_excess);
      }
    }
  }
}

TEST(ThirdOrder, LeavesOutTheFourthOrderOfPolygammasWithoutActivation) {
  constexpr double kMatrices = 5;
  const auto left_out = [](std::size_t width) {
    const LogNormCumulants third =
        log_norm_cumulants(fully_connected({.width = width, .depth = 4, .leak = 1}), FiniteWidthOrder::kThird);
    const double n = static_cast<double>(width);
    // The variance 2/n + 2/n^2 + 4/(3 n^3) has no term in 1/n^4.
    return std::array{kMatrices * boost::math::polygamma(2, n / 2) - third.third,
                      kMatrices * boost::math::polygamma(3, n / 2) - third.fourth};
  };
  const auto at_n = left_out(100);
  const auto at_2n = left_out(200);
  for (std::size_t i = 0; i < at_n.size(); ++i) EXPECT_NEAR(at_n[i] / at_2n[i], 16, 1);
}

TEST(ThirdOrder, LeavesOutTheFourthOrderOfTheExactLawOfFullyConnectedNets) {
  const auto left_out = [](std::size_t n) {
    const Network network = fully_connected({.width = std::vector<std::size_t>{n, 2 * n, n, 3 * n}, .depth = 3});
    const LogNormCumulants third = log_norm_cumulants(network, FiniteWidthOrder::kThird);
    const Law exact = exact_fully_connected(network);
    const LogChiSquare output(1);
    return std::array{exact.mean() - output.mean() - third.mean, exact.variance() - output.variance() - third.variance};
  };
  const auto at_n = left_out(60);
  const auto at_2n = left_out(120);
  for (std::size_t i = 0; i < at_n.size(); ++i) EXPECT_NEAR(at_n[i] / at_2n[i], 16, 2);
}

TEST(LogNormCumulants, AreThoseOfOneResidualLayerByItsExactMoments) {
  // d = 1, ReLU, alpha^2 = lambda^2 = 1/2: given m = ||z_0||^2/n and s = ||phi(z_0)||^2/n, E||z_1||^2/n = (m + s)/2,
  // E(||z_1||^2/n)^2 = E (m + s)^2/4 + E (m s + s^2/2)/n ... from E m = E s = 1, Var m = 2/n, Var s = 5/n, Cov(m, s) =
  // 2/n.
  constexpr double n = 1000;
  const Network network = vanilla({.width = 1000, .depth = 1});
  const double m2 = 1 + 2 / n;
  const double s2 = 1 + 5 / n;
  const double ms = 1 + 2 / n;
  // ||z_1||^2/n = m/2 + s chi^2_n/(2 n) + sqrt(m s) g/sqrt(n), g the part of the normals along z_0.
  const double second_moment = m2 / 4 + s2 * (1 + 2 / n) / 4 + ms / 2 + ms / n;
  const LogNormCumulants third = log_norm_cumulants(network, FiniteWidthOrder::kThird);
  EXPECT_NEAR(third.log_moment(1), 0, 1e-10);
  EXPECT_NEAR(third.log_moment(2), std::log(second_moment), 1e-10);
  EXPECT_GT(std::abs(log_norm_cumulants(network, FiniteWidthOrder::kFirst).log_moment(2) - std::log(second_moment)),
            1e-6);
}

TEST(LayerActivity, HasTheTheorysNextOrders) {
  // n E[S_l] = -1.71772 - 9.0378/n - 60.37/n^2 far from the input, n = 100: -1.81414.
  const auto activity = layer_activity(vanilla({.width = 100, .depth = 200}));
  EXPECT_NEAR(activity.back().hypoactivation, -1.81414, 1e-5);
}

TEST(LayerActivity, IsThatOfSymmetryExactly) {
  for (const Network& network : {balanced({.width = 100, .depth = 50}), fully_connected({.width = 100, .depth = 50})}) {
    for (const auto& [hypoactivation, active_fraction] : layer_activity(network)) {
      EXPECT_EQ(hypoactivation, 0);
      EXPECT_EQ(active_fraction, 0.5);
    }
  }
}

TEST(LayerActivity, IsTheLimitsAtLargeWidth) {
  const Network network = vanilla({.width = 1'000'000'000,
                                   .depth = 5,
                                   .alpha = std::vector<double>{.9, .3, -1.1, .5, .8},
                                   .lambda = std::vector<double>{.4, 1, .3, .7, .6}})
                              .with_flip(0.2);
  const auto h = hypoactivation(network);
  const auto series = activity_series(network);
  const auto fractions = active_fraction(network);
  ASSERT_EQ(series.size(), 5);
  for (std::size_t l = 0; l < 5; ++l) {
    EXPECT_NEAR(series[l].hypoactivation[1], h[l], kBasis) << l;
    EXPECT_NEAR(series[l].active_excess[1], 2e9 * (fractions[l] - 0.5), 1e-3) << l;
  }
}

}  // namespace
}  // namespace initlaw
