#include "initlaw/several_inputs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "initlaw/limit.hpp"

namespace initlaw {
namespace {

const std::vector<std::vector<double>> kInputs = {{1, 0.5, -2}, {0.3, 2, 1}, {-1, -0.5, 2.5}};

/// The network as its definition says it, with the standard library's normals: G of the first two inputs, their cosine
/// after each layer, and the kernel of the first pair.
struct Dense {
  Moments G, cosine, kernel, G_difference;
};
Dense dense(const Network& network, int samples) {
  std::mt19937_64 engine(7);
  std::normal_distribution<double> normal;
  using Vector = std::vector<double>;
  const auto multiply = [&](std::size_t rows, const std::array<Vector, 2>& v) {
    std::array<Vector, 2> product{Vector(rows), Vector(rows)};
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t k = 0; k < v[0].size(); ++k) {
        const double w = normal(engine) / std::sqrt(static_cast<double>(v[0].size()));
        for (int j : {0, 1}) product[j][i] += w * v[j][k];
      }
    }
    return product;
  };
  const auto dot = [](const Vector& a, const Vector& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum / static_cast<double>(a.size());
  };
  const double s = std::sqrt(2 / (1 + network.leak() * network.leak()));
  const auto phi = [&](double x) { return s * (x > 0 ? x : network.leak() * x); };
  Dense found;
  for (int sample = 0; sample < samples; ++sample) {
    std::array<Vector, 2> z = multiply(network.width(0), {kInputs[0], kInputs[1]});
    std::vector<double> sign(z[0].size(), 1);
    double scale = 1;
    for (std::size_t l = 1; l <= network.depth(); ++l) {
      std::array<Vector, 2> branch = z;
      for (Vector& v : branch) {
        for (std::size_t i = 0; i < v.size(); ++i) v[i] = phi(sign[i] * v[i]);
      }
      for (std::size_t b = 1; b < network.branch_depth(); ++b) {
        branch = multiply(network.width(l), branch);
        for (Vector& v : branch) {
          for (double& x : v) x = phi(x);
        }
      }
      branch = multiply(network.width(l), branch);
      for (int j : {0, 1}) {
        for (std::size_t i = 0; i < z[j].size(); ++i)
          z[j][i] = network.alpha(l) * z[j][i] + network.lambda(l) * branch[j][i];
      }
      scale *= network.alpha(l) * network.alpha(l) + network.lambda(l) * network.lambda(l);
      for (double& one : sign) {
        if (std::uniform_real_distribution<double>()(engine) < network.flip()) one = -one;
      }
    }
    const double x0 = dot(kInputs[0], kInputs[0]), x1 = dot(kInputs[1], kInputs[1]);
    const double a = dot(z[0], z[0]), b = dot(z[1], z[1]), c = dot(z[0], z[1]);
    found.G.add(std::log(a / x0));
    found.G_difference.add(std::log(a / x0) - std::log(b / x1));
    found.cosine.add(c / std::sqrt(a * b));
    found.kernel.add(c / std::sqrt(x0 * x1) / scale);
  }
  return found;
}

/// Null hypothesis: both have the same mean and variance; two-sided, at 4.5 standard errors.
void expect_same(const Moments& one, const Moments& other, const char* what) {
  for (const auto& [a, b] : {std::pair(one.mean(), other.mean()), std::pair(one.variance(), other.variance())}) {
    EXPECT_LT(std::abs(a.value - b.value), 4.5 * std::hypot(a.std_error, b.std_error))
        << what << " " << a.value << " " << b.value;
  }
}

TEST(SeveralInputs, HaveTheLawOfDenseNetworks) {
  const Network networks[] = {
      vanilla({.width = 8, .depth = 6, .inputs = 3}),
      vanilla({.width = 8, .depth = 5, .alpha = 1, .lambda = 0.4, .inputs = 3, .leak = 0.2, .branch_depth = 2}),
      balanced({.width = 8, .depth = 6, .inputs = 3}), vanilla({.width = 8, .depth = 6, .inputs = 3}).with_flip(0.2),
      fully_connected({.width = 20, .depth = 3, .inputs = 3})};
  for (const Network& network : networks) {
    SCOPED_TRACE(to_json(network));
    const JointEnsemble joint = simulate_jointly(network, JointPlan{.samples = 20'000}, kInputs);
    const Dense expected = dense(network, 20'000);
    expect_same(joint.G[0], expected.G, "G");
    expect_same(joint.G_difference[0], expected.G_difference, "difference of G");
    expect_same(joint.cosine.back()[0], expected.cosine, "cosine");
    expect_same(joint.kernel[0], expected.kernel, "kernel");
  }
}

TEST(SeveralInputs, AreEachTheLawOfOne) {
  const Network network = vanilla({.width = 30, .depth = 20, .inputs = 3}).with_leak(0.1);
  const JointEnsemble joint = simulate_jointly(network, JointPlan{.samples = 20'000, .seed = 2}, kInputs);
  const Ensemble one = simulate(network, Plan{.samples = 200'000}, Input(kInputs[0]));
  for (const Moments& G : joint.G) expect_same(G, one.G, "G");
}

TEST(SeveralInputs, ThatAreEqualStayEqual) {
  const Network network = vanilla({.width = 20, .depth = 50, .inputs = 3});
  const JointEnsemble joint =
      simulate_jointly(network, JointPlan{.samples = 200}, {kInputs[0], kInputs[1], kInputs[0], {2, 1, -4}});
  for (const std::size_t j : {2u, 3u}) {
    const std::size_t pair = JointEnsemble::pair(0, j);
    for (const auto& cosine : joint.cosine) EXPECT_NEAR(cosine[pair].mean().value, 1, 1e-14);
    EXPECT_NEAR(joint.G_difference[pair].mean().value, 0, 1e-12);
  }
}

TEST(SeveralInputs, ThatAreOppositeBeginOpposite) {
  const Network network = vanilla({.width = 20, .depth = 5, .inputs = 3});
  const JointEnsemble joint = simulate_jointly(network, JointPlan{.samples = 200}, {kInputs[0], {-1, -0.5, 2}});
  EXPECT_NEAR(joint.cosine[0][0].mean().value, -1, 1e-14);
  EXPECT_GT(joint.cosine[5][0].mean().value, -0.9);
}

TEST(SeveralInputs, MayBeZero) {
  const Network network = vanilla({.width = 20, .depth = 5, .inputs = 3});
  const JointEnsemble joint = simulate_jointly(network, JointPlan{.samples = 100}, {kInputs[0], {0, 0, 0}});
  EXPECT_EQ(joint.G[0].count(), 100);
  EXPECT_EQ(joint.G[1].count(), 0);
  EXPECT_EQ(joint.cosine[3][0].count(), 0);
  EXPECT_EQ(joint.kernel[0].mean().value, 0);
}

// Gaussian weights know no direction: inputs that are turned together keep their joint law. The turn here is by 1
// radian in the plane of the first two components. Null hypothesis: the same means and variances.
TEST(SeveralInputs, HaveTheSameLawIfTheyAreTurned) {
  const Network network = vanilla({.width = 12, .depth = 6, .inputs = 3, .leak = 0.1});
  std::vector<std::vector<double>> turned = kInputs;
  for (std::vector<double>& x : turned) {
    const double x0 = x[0], x1 = x[1];
    x[0] = std::cos(1.0) * x0 - std::sin(1.0) * x1;
    x[1] = std::sin(1.0) * x0 + std::cos(1.0) * x1;
  }
  const JointEnsemble one = simulate_jointly(network, JointPlan{.samples = 50'000}, kInputs);
  const JointEnsemble other = simulate_jointly(network, JointPlan{.samples = 50'000, .seed = 2}, turned);
  for (std::size_t i = 0; i < kInputs.size(); ++i) expect_same(one.G[i], other.G[i], "G");
  for (std::size_t pair = 0; pair < one.kernel.size(); ++pair) {
    expect_same(one.cosine[0][pair], other.cosine[0][pair], "first cosine");
    expect_same(one.cosine.back()[pair], other.cosine.back()[pair], "last cosine");
    expect_same(one.kernel[pair], other.kernel[pair], "kernel");
  }
}

TEST(SeveralInputs, ThatAreOrthogonalBeginSo) {
  const Network network = vanilla({.width = 400, .depth = 3, .inputs = 2});
  const JointEnsemble joint = simulate_jointly(network, JointPlan{.samples = 2000}, {{1, 0}, {0, 2}});
  const Moments& cosine = joint.cosine[0][0];
  EXPECT_LT(std::abs(cosine.mean().value), 4.5 * cosine.mean().std_error);
  EXPECT_NEAR(cosine.variance().value, 1 / 400.0, 4.5 * cosine.variance().std_error + 1e-5);
  const Moments& last = joint.cosine[3][0];
  EXPECT_LT(std::abs(last.mean().value - infinite_width_correlation(network, 0)[3]), 0.01);
}

TEST(SeveralInputs, BecomeParallelInDeepNetworksWithoutHarm) {
  const Network network = vanilla({.width = 60, .depth = 10'000, .alpha = 1, .lambda = 1, .inputs = 3});
  const JointEnsemble joint = simulate_jointly(network, JointPlan{.samples = 4}, kInputs);
  for (const Moments& G : joint.G) EXPECT_TRUE(std::isfinite(G.mean().value));
  for (const Moments& cosine : joint.cosine.back()) {
    EXPECT_EQ(cosine.count(), 4);
    EXPECT_GT(cosine.mean().value, 0.999);
  }
}

TEST(SeveralInputs, OfWideNetworksHaveTheCorrelationOfInfiniteWidth) {
  const Network network = vanilla({.width = 2000, .depth = 8, .inputs = 3});
  const JointEnsemble joint = simulate_jointly(network, JointPlan{.samples = 200}, kInputs);
  const double cosine = (0.3 + 1 - 2) / std::sqrt(5.25 * 5.09);
  const auto limit = infinite_width_correlation(network, cosine);
  for (std::size_t l = 0; l <= 8; ++l) EXPECT_NEAR(joint.cosine[l][0].mean().value, limit[l], 0.01) << l;
}

TEST(SeveralInputs, GiveTheSameForAnyNumberOfThreads) {
  const Network network = balanced({.width = 20, .depth = 10, .inputs = 3});
  const JointEnsemble one = simulate_jointly(network, JointPlan{.samples = 3000, .threads = 1}, kInputs);
  const JointEnsemble three = simulate_jointly(network, JointPlan{.samples = 3000, .threads = 3}, kInputs);
  EXPECT_EQ(one.kernel[1].mean().value, three.kernel[1].mean().value);
  EXPECT_EQ(one.G[2].variance().value, three.G[2].variance().value);
}

TEST(SeveralInputs, MayBeMoreThanNeurons) {
  std::vector<std::vector<double>> many;
  for (int i = 0; i < 12; ++i) many.push_back({std::cos(i), std::sin(i), 1});
  const JointEnsemble joint =
      simulate_jointly(vanilla({.width = 5, .depth = 4, .inputs = 3}), JointPlan{.samples = 500}, many);
  EXPECT_EQ(joint.kernel.size(), 66);
  for (const Moments& cosine : joint.cosine.back()) EXPECT_EQ(cosine.count(), 500);
}

TEST(SeveralInputs, ThatAreWrongAreRefused) {
  const Network network = vanilla({.width = 5, .depth = 4, .inputs = 3});
  EXPECT_THROW(simulate_jointly(network, JointPlan{}, {}), std::invalid_argument);
  EXPECT_THROW(simulate_jointly(network, JointPlan{}, {{1, 2}}), std::invalid_argument);
  EXPECT_THROW(simulate_jointly(network, JointPlan{}, {{1, 2, std::numeric_limits<double>::infinity()}}),
               std::invalid_argument);
  EXPECT_THROW(simulate_jointly(network, JointPlan{.samples = 0}, kInputs), std::invalid_argument);
  EXPECT_THROW(simulate_jointly(network, JointPlan{}, std::vector<std::vector<double>>(1'000'000, {1, 2, 3})),
               std::invalid_argument);
}

}  // namespace
}  // namespace initlaw
