#include "initlaw/angle_law.hpp"

#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "initlaw/limit.hpp"
#include "law/angle_chain.hpp"
#include "law/reference_networks.hpp"
#include "law/resnet.hpp"

namespace initlaw {
namespace {

constexpr double kPi = std::numbers::pi;

AngleLaw last_law(const AnglePath& path, double rho, double groups = AngleChain::kGroups) {
  AngleChain chain(path, std::atanh(rho), groups);
  while (chain.last() < path.depth()) chain.advance();
  return chain.law(path.depth());
}

/// E f(theta), of a law that is not narrow, so that the sum is exact.
template <typename Function>
double mean_of(const AngleLaw& law, const Function& f) {
  const double first = std::log(std::tan(law.quantile(1e-12) / 2));
  const double last = std::log(std::tan(law.quantile(1 - 1e-12) / 2));
  constexpr double kStep = 0.05;
  double sum = 0;
  for (double log_tangent = first; log_tangent < last; log_tangent += kStep) {
    const double theta = 2 * std::atan(std::exp(log_tangent));
    sum += kStep * f(theta) * std::sin(theta) * law.pdf(theta);
  }
  return sum;
}

struct ChainCheckValues {
  std::string name;
  AngleLaw law;
  double mean;
  double variance;
  double cosine;
  double median;
};

TEST(AngleLaw, HasTheTheorysCheckValues) {
  const ChainCheckValues rows[] = {
      {".5", angle_law(resnet(.5, 100, 50), .5), -1.52201557611, .30197286356, .95989894611, .22504562813},
      {".5 Balanced", angle_law(balanced({.width = 100, .depth = 50}), .5), -1.52426230334, .22699547452, .96450103562,
       .22278630566},
      {"leak .3", angle_law(resnet(.5, 100, 50, .3), .5), -.98295596631, .29239594629, .88821487182, .38770777152},
      {".8", angle_law(resnet(.8, 100, 100), .5), -1.32672001958, .28654165798, .94272476221, .27366786067},
      {"fully connected, interpolated", last_law(interpolated_path(fully_connected({.width = 100, .depth = 50})), .5),
       -2.27766684654, .44422431607, .98869431609, .10638986534}};
  for (const ChainCheckValues& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_NEAR(row.law.log_angle().mean, row.mean, 1e-10);
    EXPECT_NEAR(row.law.log_angle().variance, row.variance, 1e-10);
    EXPECT_NEAR(row.law.mean_cosine(), row.cosine, 1e-10);
    EXPECT_NEAR(row.law.quantile(.5), row.median, 1e-10);
  }
  EXPECT_NEAR(rows[0].law.quantile(.01), .05382630509, 1e-10);
  EXPECT_NEAR(rows[0].law.quantile(.99), .6761174674, 1e-10);
}

// These check values' last digits are of another interpolation of the rates at small angles, which are tested below.
TEST(AngleLaw, OfIidNeuronsHasTheTheorysCheckValues) {
  const Network network = fully_connected({.width = 64, .depth = 50});
  const AngleLaw leading = last_law(path_without_skip(network, false), .5);
  EXPECT_NEAR(leading.log_angle().mean, -2.50068906, 1e-7);
  EXPECT_NEAR(leading.log_angle().variance, .72500055, 5e-7);
  const AngleLaw refined = angle_law(network, .5);
  EXPECT_NEAR(refined.log_angle().mean, -2.54255680, 1e-7);
  EXPECT_NEAR(refined.log_angle().variance, .78156180, 5e-7);
}

// What docs/angles.md holds simulations against: mean and variance of ln theta, and its value at infinite width.
TEST(AngleLaw, IsWhatTheTheoryHoldsSimulationsAgainst) {
  struct Row {
    Network network;
    double mean, variance, infinite_width;
  };
  const Row rows[] = {{resnet(.5, 100, 100), -2.2384, .5840, -1.868},
                      {resnet(.5, 200, 200), -2.8264, .5501, -2.471},
                      {balanced({.width = 400, .depth = 200}), -2.6522, .1947, -2.471},
                      {resnet(.3, 100, 100), -2.6535, .7379, -2.163},
                      {resnet(.8, 100, 100), -1.3267, .2865, -1.152},
                      {resnet(.64, 100, 100, 0, 2), -2.5110, .5506, -2.145}};
  for (const auto& [network, mean, variance, infinite_width] : rows) {
    const AngleLaw law = angle_law(network, .5);
    EXPECT_NEAR(law.log_angle().mean, mean, 0.6e-4);
    EXPECT_NEAR(law.log_angle().variance, variance, 0.6e-4);
    EXPECT_NEAR(std::log(std::acos(infinite_width_correlation(network, .5).back())), infinite_width, 0.6e-3);
  }
  // The mean cosine hides collapse.
  const Network narrow = fully_connected({.width = 64, .depth = 128});
  EXPECT_NEAR(angle_law(narrow, .5).mean_cosine(), .99822, 0.51e-5);
  EXPECT_NEAR(infinite_width_correlation(narrow, .5).back(), .99779, 0.51e-5);
  EXPECT_NEAR(std::exp(angle_law(narrow, .5).log_angle().mean), .0128, 0.51e-4);
  EXPECT_NEAR(std::acos(infinite_width_correlation(narrow, .5).back()), .066, 0.51e-3);
}

// At small angles the rates become the interpolated ones, and then nothing else distinguishes the two.
TEST(AngleLaw, IsTheSameByBothRatesAtSmallAngles) {
  const Network network = fully_connected({.width = 50, .depth = 20, .leak = .1});
  const AngleLaw one = last_law(interpolated_path(network), 1 - 1e-12);
  const AngleLaw other = last_law(path_without_skip(network, false), 1 - 1e-12);
  EXPECT_NEAR(one.log_angle().mean, other.log_angle().mean, 1e-5);
  EXPECT_NEAR(one.log_angle().variance, other.log_angle().variance, 1e-5);
  EXPECT_NEAR(one.log_angle().covariance_with_growth, other.log_angle().covariance_with_growth, 1e-5);
}

// The limit d, n -> infinity: mean and variance of ln(n theta), and E n theta. What is left is O(ln(n)/n).
TEST(AngleLaw, HasTheTheorysLimits) {
  struct Row {
    bool skip;
    double tau, mean, variance, angle;
  };
  const Row rows[] = {{false, 1, 1.546948820, .830625733, 6.81426171},
                      {false, 2, .108972976, 1.93826026, 2.4951316},
                      {true, .5, 3.465493343, .238931461, 35.87363223},
                      {true, 1, 2.606499951, .501970571, 17.08537473}};
  for (const auto& [skip, tau, mean, variance, angle] : rows) {
    double error = 0;
    double error_in_variance = 0;
    for (const std::size_t n : {400u, 3200u}) {
      const auto d = static_cast<std::size_t>(tau * static_cast<double>(n));
      const Network network = skip ? resnet(.5, n, d) : fully_connected({.width = n, .depth = d});
      const AngleLaw law = angle_law(network, 0);
      const double before = error;
      const double variance_before = error_in_variance;
      error = std::abs(law.log_angle().mean + std::log(n) - mean);
      error_in_variance = std::abs(law.log_angle().variance - variance);
      if (n == 400) continue;
      EXPECT_LT(error, 0.02) << skip << tau;
      EXPECT_LT(error, before / 5) << skip << tau;
      EXPECT_LT(error_in_variance, 0.01) << skip << tau;
      EXPECT_LT(error_in_variance, variance_before / 4) << skip << tau;
      const AngleStep step = angle_steps(network).back();
      const double width = static_cast<double>(n);
      EXPECT_NEAR(width * mean_of(law, [](double theta) { return theta; }), angle, 0.02 * angle);
      // E 1/(n theta) = c (e^{kappa tau} - 1)/kappa, kappa = m + sigma^2/2.
      const double kappa = (-step.mean + step.variance / 2) * width;
      const double inverse = step.contraction * std::expm1(kappa * tau) / kappa;
      EXPECT_NEAR(mean_of(law, [=](double theta) { return 1 / (width * theta); }), inverse, 0.02 * inverse);
    }
  }
}

// Where tau is small, what fluctuations do beyond infinite width: -(m/2 + sigma^2/12) tau and sigma^2 tau/3; the
// median of n theta is about m/(c (e^{m tau} - 1)), too large without skip path by 5%, 10% and 35% at tau = 1/2, 1
// and 4.
TEST(AngleLaw, IsNearTheTheorysApproximations) {
  constexpr double kTau = .1;
  constexpr std::size_t kWide = 6400;
  const Network shallow = resnet(.5, kWide, static_cast<std::size_t>(kTau * kWide));
  const AngleStep step = angle_steps(shallow).back();
  const AngleMoments found = angle_law(shallow, 0).log_angle();
  const double beyond = found.mean - std::log(std::acos(infinite_width_correlation(shallow, 0).back()));
  const double expected = (step.mean / 2 - step.variance / 12) * kWide * kTau;
  EXPECT_NEAR(beyond, expected, 0.05 * std::abs(expected));
  EXPECT_NEAR(found.variance, step.variance * kWide * kTau / 3, 0.05 * found.variance);
  for (const auto& [tau, excess] : {std::pair(.5, .05), std::pair(1.0, .10), std::pair(4.0, .35)}) {
    constexpr std::size_t n = 1600;
    const Network network = fully_connected({.width = n, .depth = static_cast<std::size_t>(tau * n)});
    const double c = angle_steps(network).back().contraction;
    EXPECT_NEAR(1 / (c * std::expm1(tau)) / (n * angle_law(network, 0).quantile(.5)), 1 + excess, .03) << tau;
  }
}

/// The leak of an activation whose kink's share q^2 is kappa^2/n: the ratio of its slopes P - q and P + q.
double shaped_leak(double kappa2, std::size_t width) {
  const double q = std::sqrt(kappa2 / static_cast<double>(width));
  const double P = std::sqrt(1 - q * q);
  return (P - q) / (P + q);
}

// Slopes that differ by O(1/sqrt n): E rho, E rho^2 and E theta in the limit d, n -> infinity, where what is left is
// O(1/n), so that twice the width leaves half. A ResNet is a fully connected net of kappa^2 t/D at D tau, D = 1 -
// alpha^4.
TEST(AngleLaw, OfShapedActivationsHasTheTheorysLimits) {
  struct Row {
    double alpha2, kappa2, tau, rho, cosine, square, angle;
  };
  const Row rows[] = {{0, 0, 1, .5, .4104128161, .5387138262, 1.0471975512},
                      {0, 1, 1, .5, .6239675807, .5658406118, .7825355213},
                      {0, 1, 1, -.5, .2743023492, .3180087081, 1.2413765385},
                      {0, 4, .5, .5, .7401988987, .6043844443, .6742022792},
                      {0, 2.0 / 3, .75, .5, .5436906771, .4996512045, .9006385746},
                      {.5, 1, 1, .5, .5436906771, .4996512045, .9006385746}};
  for (const auto& [alpha2, kappa2, tau, rho, cosine, square, angle] : rows) {
    SCOPED_TRACE(alpha2 + 10 * kappa2 + 100 * rho);
    const auto law_at = [&](std::size_t n) {
      const auto d = static_cast<std::size_t>(std::lround(tau * static_cast<double>(n)));
      const double leak = shaped_leak(kappa2, n);
      return angle_law(
          alpha2 == 0 ? fully_connected({.width = n, .depth = d, .leak = leak}) : resnet(alpha2, n, d, leak), rho);
    };
    const AngleLaw narrow = law_at(200), wide = law_at(400);
    const auto is_limit = [&](double expected, const auto& f) {
      const double at_400 = mean_of(wide, f);
      EXPECT_NEAR(2 * at_400 - mean_of(narrow, f), expected, 2e-4);
      EXPECT_NEAR(at_400, expected, 5e-3);
    };
    is_limit(cosine, [](double theta) { return std::cos(theta); });
    is_limit(square, [](double theta) { return std::cos(theta) * std::cos(theta); });
    is_limit(angle, [](double theta) { return theta; });
  }
}

// How the growths of two inputs covary in that limit: 2 E rho^2 d(l/n), summed over the layers.
TEST(AngleLaw, OfShapedActivationsHasTheTheorysCovarianceOfGrowths) {
  const auto covariance = [](std::size_t n) {
    const Network network = fully_connected({.width = n, .depth = n, .leak = shaped_leak(1, n)});
    std::vector<std::size_t> layers;
    for (std::size_t l = 0; l <= n; l += n / 20) layers.push_back(l);
    double sum = 0;
    const std::vector<AngleLaw> laws = angle_law_by_layer(network, .5, layers);
    for (std::size_t i = 0; i < laws.size(); ++i) {
      const double simpson = i == 0 || i + 1 == laws.size() ? 1 : i % 2 == 0 ? 2 : 4;
      sum += simpson / 60 * mean_of(laws[i], [](double theta) { return std::cos(theta) * std::cos(theta); });
    }
    return 2 * sum;
  };
  EXPECT_NEAR(2 * covariance(400) - covariance(200), .882518252, 2e-4);
}

// Without a kink the angle is a martingale that ends at 0 or pi.
TEST(AngleLaw, OfDeepLinearNetworksIsNoneOrPi) {
  const AngleLaw law = angle_law(fully_connected({.width = 100, .depth = 10'000, .leak = 1}), .5);
  EXPECT_NEAR(law.cdf(1e-3), 2.0 / 3, 1e-3);
  EXPECT_NEAR(law.survival(kPi - 1e-3), 1.0 / 3, 1e-3);
}

// A Balanced ReLU net is the fully connected one of depth lambda^2 d/(alpha^2 + lambda^2) in the limit.
TEST(AngleLaw, OfABalancedNetIsThatOfAShorterFullyConnectedOne) {
  const Network deep = balanced({.width = 2000, .depth = 2000, .alpha = std::sqrt(.8), .lambda = std::sqrt(.2)});
  const AngleLaw one = angle_law(deep, .5);
  const AngleLaw other = angle_law(fully_connected({.width = 2000, .depth = 400}), .5);
  for (const double p : {.01, .5, .99}) EXPECT_NEAR(one.quantile(p), other.quantile(p), 0.02 * other.quantile(p)) << p;
}

// Where all layers before the last few count, the last ones do not: a law depends on the layers before it alone.
TEST(AngleLaw, OfALayerIsThatOfTheNetworkThatEndsThere) {
  for (const double alpha2 : {0.0, .5}) {
    const std::vector<std::size_t> layers{30, 0, 7, 60, 1};
    const Network network =
        alpha2 == 0 ? fully_connected({.width = 40, .depth = 60}) : resnet(alpha2, 40, 60).with_flip(.1);
    const std::vector<AngleLaw> laws = angle_law_by_layer(network, .3, layers);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (layers[i] == 0) continue;
      const AngleLaw alone = angle_law(alpha2 == 0 ? fully_connected({.width = 40, .depth = layers[i]})
                                                   : resnet(alpha2, 40, layers[i]).with_flip(.1),
                                       .3);
      EXPECT_NEAR(laws[i].log_angle().mean, alone.log_angle().mean, 1e-10) << layers[i];
      EXPECT_NEAR(laws[i].log_angle().variance, alone.log_angle().variance, 1e-10) << layers[i];
      EXPECT_NEAR(laws[i].log_angle().covariance_with_growth, alone.log_angle().covariance_with_growth, 1e-10);
      EXPECT_NEAR(laws[i].cdf(.3), alone.cdf(.3), 1e-10) << layers[i];
    }
  }
}

// Fisher's z: ln tan(theta/2) of two Gaussian vectors.
TEST(AngleLaw, OfTheInputLayerIsFishersNormalOne) {
  const AngleLaw law = angle_law_by_layer(resnet(.5, 50, 3), .6, {0})[0];
  EXPECT_NEAR(law.log_tangent().mean, -(std::atanh(.6) + .6 / 100), 1e-12);
  EXPECT_NEAR(law.log_tangent().variance, 1.0 / 50, 1e-12);
  EXPECT_NEAR(law.log_tangent().covariance_with_growth, -.6 / 50, 1e-12);
  const AngleLaw iid = angle_law_by_layer(fully_connected({.width = 50, .depth = 3}), .6, {0})[0];
  EXPECT_NEAR(iid.log_tangent().mean, law.log_tangent().mean, 1e-12);
}

TEST(AngleLaw, IsOneDistribution) {
  for (const Network& network : {resnet(.5, 30, 20), fully_connected({.width = 30, .depth = 20}),
                                 resnet(.5, 10, 10, -1), fully_connected({.width = 4, .depth = 3, .leak = 1})}) {
    const AngleLaw law = angle_law(network, -.4);
    const auto mean_of = [&](const auto& f) {
      const auto integrand = [&](double u) {
        const double theta = 2 * std::atan(std::exp(-u));
        return f(theta) * law.pdf(theta) * std::sin(theta);
      };
      const auto u_of = [&](double p) { return -std::log(std::tan(law.quantile(p) / 2)); };
      using Rule = boost::math::quadrature::gauss_kronrod<double, 61>;
      return Rule::integrate(integrand, u_of(1 - 1e-12), u_of(.5), 15, 1e-11) +
             Rule::integrate(integrand, u_of(.5), u_of(1e-12), 15, 1e-11);
    };
    EXPECT_NEAR(mean_of([](double) { return 1; }), 1, 1e-8);
    EXPECT_NEAR(mean_of([](double theta) { return std::cos(theta); }), law.mean_cosine(), 1e-8);
    const AngleMoments& m = law.log_angle();
    EXPECT_NEAR(mean_of([](double theta) { return std::log(theta); }), m.mean, 1e-8);
    EXPECT_NEAR(mean_of([&](double theta) { return std::pow(std::log(theta) - m.mean, 2); }), m.variance, 1e-8);
    const AngleMoments& tangent = law.log_tangent();
    EXPECT_NEAR(mean_of([](double theta) { return std::log(std::tan(theta / 2)); }), tangent.mean, 1e-8);
    EXPECT_NEAR(mean_of([&](double theta) { return std::pow(std::log(std::tan(theta / 2)) - tangent.mean, 2); }),
                tangent.variance, 1e-8);
    for (const double p : {1e-9, .01, .3, .9, 1 - 1e-9}) {
      const double theta = law.quantile(p);
      EXPECT_NEAR(law.cdf(theta), p, 1e-10);
      EXPECT_NEAR(law.survival(theta), 1 - p, 1e-10);
      const double h = 1e-4 * theta;
      if (p > .005 && p < .995) {
        EXPECT_NEAR((law.cdf(theta + h) - law.cdf(theta - h)) / (2 * h), law.pdf(theta), 1e-5 * law.pdf(theta));
      }
    }
    EXPECT_EQ(law.quantile(0), 0);
    EXPECT_EQ(law.quantile(1), kPi);
    EXPECT_EQ(law.cdf(-1), 0);
    EXPECT_EQ(law.cdf(4), 1);
    EXPECT_EQ(law.pdf(-1), 0);
    EXPECT_EQ(law.pdf(4), 0);
  }
}

// The covariance with G is how the mean changes if the law is tilted by e^{sG}, which moves all means.
TEST(AngleLaw, CovariesWithGrowthAsATiltMovesIt) {
  for (const AnglePath& path : {interpolated_path(resnet(.5, 100, 50)), interpolated_path(resnet(.5, 20, 60, .1, 2))}) {
    const auto tilted = [&](double s) {
      AnglePath other = path;
      for (AngleMove& move : other.moves) move.mean += s * move.covariance;
      return last_law(other, .5);
    };
    const double s = 1e-3;
    const AngleLaw up = tilted(s), down = tilted(-s), law = last_law(path, .5);
    EXPECT_NEAR((up.log_angle().mean - down.log_angle().mean) / (2 * s), law.log_angle().covariance_with_growth, 1e-5);
    EXPECT_NEAR((up.log_tangent().mean - down.log_tangent().mean) / (2 * s), law.log_tangent().covariance_with_growth,
                1e-5);
  }
}

// |x| does not tell x from -x, and a linear layer mirrors angles.
TEST(AngleLaw, HasTheSymmetriesOfItsActivation) {
  const Network absolute = fully_connected({.width = 20, .depth = 5, .leak = -1});
  const Network linear = fully_connected({.width = 20, .depth = 5, .leak = 1});
  for (const double theta : {.2, 1.0, 2.5}) {
    EXPECT_NEAR(angle_law(absolute, .7).cdf(theta), angle_law(absolute, -.7).cdf(theta), 1e-12);
    EXPECT_NEAR(angle_law(linear, .7).cdf(theta), angle_law(linear, -.7).survival(kPi - theta), 1e-12);
    EXPECT_NEAR(angle_law(linear, 0).cdf(theta), angle_law(linear, 0).survival(kPi - theta), 1e-12);
  }
}

TEST(AngleLaw, OfWideNetworksIsThatOfInfiniteWidth) {
  for (const Network& network :
       {resnet(.5, 1'000'000, 20, .2, 2), fully_connected({.width = 1'000'000, .depth = 20})}) {
    for (const double rho : {-.999, -.5, 0.0, .5, .999}) {
      const double expected = infinite_width_correlation(network, rho).back();
      EXPECT_NEAR(angle_law(network, rho).mean_cosine(), expected, 2e-5) << rho;
    }
  }
}

// Whatever the network, a law has all of its probability, grows, and is what its moments say.
TEST(AngleLaw, IsALawForEveryNetwork) {
  std::vector<Network> networks{fully_connected({.width = 2, .depth = 30}),
                                fully_connected({.width = std::vector<std::size_t>{9, 2, 300, 5}, .depth = 3}),
                                fully_connected({.width = 2, .depth = 1, .leak = -1}), resnet(.999999, 2, 50, -.7, 4),
                                stable({.width = 5, .depth = 450})};
  for (const auto& reference : growth_references()) {
    if (reference.network.depth() <= 100 && reference.network.width(0) > 1) networks.push_back(reference.network);
  }
  for (const Network& network : networks) {
    for (const double rho : {-1 + 1e-9, -.9, 0.0, .4, 1 - 1e-9}) {
      SCOPED_TRACE(to_json(network).substr(0, 300) + std::to_string(rho));
      const AngleLaw law = angle_law(network, rho);
      double before = 0;
      for (const double p : {1e-6, .01, .25, .5, .75, .99, 1 - 1e-6}) {
        const double theta = law.quantile(p);
        EXPECT_GE(theta, before);
        EXPECT_NEAR(law.cdf(theta) + law.survival(theta), 1, 1e-7);
        before = theta;
      }
      EXPECT_GT(law.log_angle().variance, 0);
      EXPECT_LE(law.log_angle().mean, std::log(kPi));
      EXPECT_GE(law.mean_cosine(), -1);
      EXPECT_LE(law.mean_cosine(), 1);
      EXPECT_TRUE(std::isfinite(law.log_angle().covariance_with_growth));
    }
  }
}

// A schedule of layers without any residual branch, which nothing happens in, and of ones that are nearly so.
TEST(AngleLaw, PassesLayersThatDoNothing) {
  const auto law_of = [](std::vector<double> lambda) {
    const std::size_t depth = lambda.size();
    return angle_law(vanilla({.width = 30, .depth = depth, .alpha = 1, .lambda = std::move(lambda)}), .5);
  };
  const AngleLaw law = law_of({1, 0, 0, .5});
  EXPECT_NEAR(law.log_angle().mean, law_of({1, 1e-9, 0, .5}).log_angle().mean, 1e-8);
  EXPECT_NEAR(law.cdf(.5), law_of({1, 1e-9, 0, .5}).cdf(.5), 1e-8);
  EXPECT_NEAR(law.cdf(.5), law_of({0, 1, 0, .5, 0}).cdf(.5), 1e-8);
  EXPECT_NEAR(law_of({0, 0, 0}).log_tangent().variance, 1.0 / 30, 1e-12);
}

// Groups of layers against layer by layer, and layers in the midst of a group.
TEST(AngleLaw, OfDeepNetworksIsExactToFourDigits) {
  const Network network = resnet(.5, 100, 1000);
  const AngleLaw exact = last_law(angle_path(network), .5, 1e9);
  const AngleLaw grouped = angle_law(network, .5);
  EXPECT_NEAR(grouped.log_angle().mean, exact.log_angle().mean, 1e-4);
  EXPECT_NEAR(grouped.log_angle().variance, exact.log_angle().variance, 1e-4 * exact.log_angle().variance);
  EXPECT_NEAR(grouped.log_angle().covariance_with_growth, exact.log_angle().covariance_with_growth, 1e-3);
  for (const double p : {1e-3, .1, .5, .9, .999}) EXPECT_NEAR(grouped.cdf(exact.quantile(p)), p, 1e-4) << p;
  const std::vector<AngleLaw> inside = angle_law_by_layer(network, .5, {500, 501, 502, 503});
  for (std::size_t l = 500; l < 504; ++l) {
    const AngleLaw alone = last_law(angle_path(resnet(.5, 100, l)), .5, 1e9);
    for (const double p : {1e-3, .1, .5, .9, .999}) EXPECT_NEAR(inside[l - 500].cdf(alone.quantile(p)), p, 1e-4) << l;
  }
}

TEST(AngleLaw, OfVeryDeepNetworksStaysFinite) {
  const AngleLaw law = angle_law(fully_connected({.width = 3, .depth = 1500}), .5);
  EXPECT_TRUE(std::isfinite(law.log_angle().mean));
  EXPECT_LT(law.log_angle().mean, -500);
  EXPECT_NEAR(law.log_angle().mean - law.log_tangent().mean, std::numbers::ln2, 1e-9);
  EXPECT_LE(law.mean_cosine(), 1);
  EXPECT_GT(law.mean_cosine(), 1 - 1e-12);
}

TEST(AngleLaw, RefusesWhatHasNone) {
  const Network network = resnet(.5, 10, 5);
  const double nan = std::nan("");
  for (const double rho : {-1.0, 1.0, 2.0, nan}) EXPECT_THROW(angle_law(network, rho), std::invalid_argument);
  EXPECT_THROW(angle_law(resnet(.5, 1, 5), 0), std::invalid_argument);
  EXPECT_THROW(angle_law(fully_connected({.width = std::vector<std::size_t>{4, 1}, .depth = 1}), 0),
               std::invalid_argument);
  EXPECT_THROW(angle_law(balanced({.width = 10, .depth = 5, .architecture = {.norm = Normalization::kPre}}), 0),
               std::invalid_argument);
  EXPECT_THROW(angle_law_by_layer(network, 0, {6}), std::invalid_argument);
  EXPECT_TRUE(angle_law_by_layer(network, 0, {}).empty());
  const AngleLaw law = angle_law(network, 0);
  EXPECT_THROW(law.pdf(nan), std::invalid_argument);
  EXPECT_THROW(law.cdf(nan), std::invalid_argument);
  EXPECT_THROW(law.survival(nan), std::invalid_argument);
  for (const double p : {-.1, 1.1, 1e-13, nan}) EXPECT_THROW(law.quantile(p), std::invalid_argument);
}

TEST(CollapseDepth, IsTheFirstLayerWhereEnoughNetworksCollapsed) {
  for (const Network& network :
       {resnet(.5, 20, 60), resnet(.5, 300, 900), fully_connected({.width = 20, .depth = 60})}) {
    std::vector<std::size_t> layers(network.depth() + 1);
    for (std::size_t l = 0; l < layers.size(); ++l) layers[l] = l;
    const std::vector<AngleLaw> laws = angle_law_by_layer(network, .5, layers);
    for (const auto& [angle, probability] :
         {std::pair(1.0, .5), std::pair(.2, .5), std::pair(.1, .05), std::pair(.2, .9)}) {
      const auto found = collapse_depth(network, .5, angle, probability);
      std::size_t expected = 0;
      while (expected < laws.size() && laws[expected].cdf(angle) < probability) ++expected;
      EXPECT_EQ(found.value_or(laws.size()), expected);
    }
  }
  EXPECT_EQ(collapse_depth(resnet(.5, 20, 60), .5, 2, .5), 0);
  EXPECT_EQ(collapse_depth(resnet(.5, 20, 60), .5, 1e-9, .5), std::nullopt);
}

TEST(CollapseDepth, RefusesWhatIsNoAngleOrProbability) {
  const Network network = resnet(.5, 10, 5);
  for (const double angle : {0.0, -1.0, kPi, std::nan("")})
    EXPECT_THROW(collapse_depth(network, 0, angle, .5), std::invalid_argument);
  for (const double p : {0.0, 1.0, std::nan("")})
    EXPECT_THROW(collapse_depth(network, 0, .1, p), std::invalid_argument);
  EXPECT_THROW(collapse_depth(network, 1, .1, .5), std::invalid_argument);
}

}  // namespace
}  // namespace initlaw
