#include "initlaw/several_inputs.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "joint/same_law.hpp"
#include "support/sanitized.hpp"

namespace initlaw {
namespace {

using Inputs = std::vector<std::vector<double>>;

const Inputs kInputs = {{1, 0.5, -2}, {0.3, 2, 1}, {-1, -0.5, 2.5}};

/// The network as its definition says it, with the standard library's normals: what JointEnsemble has at the end.
struct Dense {
  explicit Dense(std::size_t inputs)
      : growth(inputs),
        growth_difference(pairs(inputs)),
        cosine(pairs(inputs)),
        log_tangent(pairs(inputs)),
        output_covariance(pairs(inputs)) {}
  static std::size_t pairs(std::size_t inputs) { return inputs * (inputs - 1) / 2; }

  std::vector<Moments> growth, growth_difference, cosine, log_tangent, output_covariance;
};
Dense dense(const Network& network, Inputs inputs, std::uint64_t samples) {
  // All that is recorded is free of the inputs' lengths.
  for (std::vector<double>& x : inputs) {
    const double largest =
        std::abs(*std::max_element(x.begin(), x.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
    for (double& component : x) component /= largest > 0 ? largest : 1;
  }
  std::mt19937_64 engine(7);
  std::normal_distribution<double> normal;
  const std::size_t m = inputs.size();
  const auto multiply = [&](std::size_t rows, const Inputs& v) {
    Inputs product(m, std::vector<double>(rows));
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t k = 0; k < v[0].size(); ++k) {
        const double w = normal(engine) / std::sqrt(static_cast<double>(v[0].size()));
        for (std::size_t j = 0; j < m; ++j) product[j][i] += w * v[j][k];
      }
    }
    return product;
  };
  const auto dot = [](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum / static_cast<double>(a.size());
  };
  const double s = std::sqrt(2 / (1 + network.leak() * network.leak()));
  const auto phi = [&](double x) { return s * (x > 0 ? x : network.leak() * x); };
  Dense found(m);
  for (std::uint64_t sample = 0; sample < samples; ++sample) {
    Inputs z = multiply(network.width(0), inputs);
    std::vector<double> sign(z[0].size(), 1);
    double scale = 1;
    for (std::size_t l = 1; l <= network.depth(); ++l) {
      Inputs branch = z;
      for (std::vector<double>& v : branch) {
        for (std::size_t i = 0; i < v.size(); ++i) v[i] = phi(sign[i] * v[i]);
      }
      for (std::size_t b = 1; b < network.branch_depth(); ++b) {
        branch = multiply(network.width(l), branch);
        for (std::vector<double>& v : branch) {
          for (double& x : v) x = phi(x);
        }
      }
      branch = multiply(network.width(l), branch);
      for (std::size_t j = 0; j < m; ++j) {
        z[j].resize(branch[j].size());
        for (std::size_t i = 0; i < z[j].size(); ++i) {
          z[j][i] = network.alpha(l) * z[j][i] + network.lambda(l) * branch[j][i];
        }
      }
      scale *= network.alpha(l) * network.alpha(l) + network.lambda(l) * network.lambda(l);
      sign.resize(z[0].size(), 1);
      for (double& one : sign) {
        if (std::uniform_real_distribution<double>()(engine) < network.flip()) one = -one;
      }
    }
    const auto growth = [&](std::size_t i) { return std::log(dot(z[i], z[i]) / dot(inputs[i], inputs[i])); };
    for (std::size_t j = 0; j < m; ++j) {
      const double z2 = dot(z[j], z[j]);
      if (z2 > 0) found.growth[j].add(growth(j));
      for (std::size_t i = 0; i < j; ++i) {
        const std::size_t pair = Dense::pairs(j) + i;
        const double norms = std::sqrt(dot(z[i], z[i]) * z2);
        if (norms > 0) {
          found.growth_difference[pair].add(growth(i) - growth(j));
          found.cosine[pair].add(dot(z[i], z[j]) / norms);
          // Kahan's formula.
          std::vector<double> sum = z[i], difference = z[i];
          for (std::size_t k = 0; k < z[i].size(); ++k) {
            sum[k] = z[i][k] / std::sqrt(dot(z[i], z[i])) + z[j][k] / std::sqrt(z2);
            difference[k] = z[i][k] / std::sqrt(dot(z[i], z[i])) - z[j][k] / std::sqrt(z2);
          }
          const double log_tangent = std::log(dot(difference, difference) / dot(sum, sum)) / 2;
          if (std::abs(log_tangent) < kLargestLogTangent) found.log_tangent[pair].add(log_tangent);
        }
        const double x2 = dot(inputs[i], inputs[i]) * dot(inputs[j], inputs[j]);
        found.output_covariance[pair].add(x2 > 0 ? dot(z[i], z[j]) / std::sqrt(x2) / scale : 0);
      }
    }
  }
  return found;
}

void expect_same_law(const JointEnsemble& joint, const Dense& expected) {
  const auto compare_all = [&](const std::vector<Moments>& ones, const std::vector<Moments>& others, const char* what) {
    expect_same(ones, others, joint.samples, what);
  };
  compare_all(joint.growth, expected.growth, "G");
  compare_all(joint.growth_difference, expected.growth_difference, "difference of G");
  compare_all(joint.cosine.back(), expected.cosine, "cosine");
  compare_all(joint.log_tangent.back(), expected.log_tangent, "ln tan(theta/2)");
  compare_all(joint.output_covariance, expected.output_covariance, "covariance of outputs");
}

TEST(SeveralInputs, HaveTheLawOfDenseNetworks) {
  const Network networks[] = {
      vanilla({.width = 8, .depth = 6, .inputs = 3}),
      vanilla({.width = 8, .depth = 5, .alpha = 1, .lambda = 0.4, .inputs = 3, .leak = 0.2, .branch_depth = 2}),
      balanced({.width = 8, .depth = 6, .inputs = 3}), vanilla({.width = 8, .depth = 6, .inputs = 3}).with_flip(0.2),
      fully_connected({.width = 20, .depth = 3, .inputs = 3})};
  for (const Network& network : networks) {
    SCOPED_TRACE(to_json(network));
    const JointEnsemble joint = simulate_jointly(network, JointOptions{.samples = support::samples(20'000)}, kInputs);
    expect_same_law(joint, dense(network, kInputs, support::samples(20'000)));
  }
}

// Null hypothesis as above, for inputs of every rank, among them dependent ones that come first, at widths below, at
// and above the number of inputs, and where ReLU layers leave activations dependent, or 0.
TEST(SeveralInputs, HaveTheLawOfDenseNetworksAtEveryRankAndWidth) {
  const Inputs of_rank_1 = {{1, 2}, {2, 4}, {-0.5, -1}};
  const Inputs of_rank_2 = {{1, 2}, {2, 4}, {0.3, 1}, {-1, -2}, {2, -1}};
  const Inputs of_rank_3 = {{1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 0}, {1, 1, 1}, {1, 1, 1.001}};
  const Inputs with_zeros_first = {{0, 0}, {1, 0}, {1, 0}, {0, 1}, {1e-310, 0}, {3e307, 1e308}};
  Inputs ten;
  for (int i = 0; i < 10; ++i) ten.push_back({std::cos(i), std::sin(i), std::cos(3 * i), 0.5});
  for (const std::size_t width : {1u, 2u, 3u, 5u, 8u, 12u}) {
    for (const Inputs& inputs : {of_rank_1, of_rank_2, of_rank_3, with_zeros_first, ten}) {
      SCOPED_TRACE(fmt::format("width {}, {} inputs of {} components", width, inputs.size(), inputs[0].size()));
      const Network network = vanilla({.width = width, .depth = 3, .inputs = inputs[0].size()});
      expect_same_law(simulate_jointly(network, JointOptions{.samples = support::samples(10'000)}, inputs),
                      dense(network, inputs, support::samples(10'000)));
    }
  }
  const Network shrinking = fully_connected({.width = std::vector<std::size_t>{9, 4, 2, 6}, .depth = 3, .inputs = 2});
  expect_same_law(simulate_jointly(shrinking, JointOptions{.samples = support::samples(10'000)}, of_rank_2),
                  dense(shrinking, of_rank_2, support::samples(10'000)));
}

TEST(SeveralInputs, AreEachTheLawOfOne) {
  const Network network = vanilla({.width = 30, .depth = 20, .inputs = 3}).with_leak(0.1);
  const JointEnsemble joint =
      simulate_jointly(network, JointOptions{.samples = support::samples(20'000), .seed = 2}, kInputs);
  const Ensemble one = simulate(network, SimulationOptions{.samples = support::samples(200'000)}, Input(kInputs[0]));
  for (const Moments& G : joint.growth) expect_same(G, one.growth, "G");
}

// A network of one neuron that nothing is added to shows the first normal of its stream.
TEST(SeveralInputs, ShareNoRandomNumbersWithOtherEngines) {
  const Network network = vanilla({.width = 1, .depth = 1, .alpha = 1, .lambda = 0});
  std::vector<double> firsts{simulate_jointly(network, JointOptions{.samples = 1}, {{1}}).growth[0].mean().value};
  for (const Method method : {Method::kFast, Method::kDense}) {
    for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
      firsts.push_back(simulate(network, {.samples = 1, .method = method, .precision = precision}).growth.mean().value);
    }
  }
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_GT(std::abs(firsts[i] - firsts[j]), 1e-4) << i << " " << j;
  }
}

TEST(SeveralInputs, ThatAreEqualStayEqual) {
  const Network network = vanilla({.width = 20, .depth = 50, .inputs = 3});
  const JointEnsemble joint =
      simulate_jointly(network, JointOptions{.samples = 200}, {kInputs[0], kInputs[1], kInputs[0], {2, 1, -4}});
  for (const std::size_t j : {2u, 3u}) {
    const std::size_t pair = joint.pair(0, j);
    for (const auto& cosine : joint.cosine) EXPECT_NEAR(cosine[pair].mean().value, 1, 1e-14);
    EXPECT_NEAR(joint.growth_difference[pair].mean().value, 0, 1e-12);
  }
}

TEST(SeveralInputs, ThatAreOppositeBeginOpposite) {
  const Network network = vanilla({.width = 20, .depth = 5, .inputs = 3});
  const JointEnsemble joint = simulate_jointly(network, JointOptions{.samples = 200}, {kInputs[0], {-1, -0.5, 2}});
  EXPECT_NEAR(joint.cosine[0][0].mean().value, -1, 1e-14);
  EXPECT_GT(joint.cosine[5][0].mean().value, -0.9);
}

TEST(SeveralInputs, MayBeZero) {
  const Network network = vanilla({.width = 20, .depth = 5, .inputs = 3});
  const JointEnsemble joint = simulate_jointly(network, JointOptions{.samples = 100}, {kInputs[0], {0, 0, 0}});
  EXPECT_EQ(joint.growth[0].count(), 100);
  EXPECT_EQ(joint.growth[1].count(), 0);
  EXPECT_EQ(joint.cosine[3][0].count(), 0);
  EXPECT_EQ(joint.output_covariance[0].mean().value, 0);
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
  const JointEnsemble one = simulate_jointly(network, JointOptions{.samples = support::samples(50'000)}, kInputs);
  const JointEnsemble other =
      simulate_jointly(network, JointOptions{.samples = support::samples(50'000), .seed = 2}, turned);
  for (std::size_t i = 0; i < kInputs.size(); ++i) expect_same(one.growth[i], other.growth[i], "G");
  for (std::size_t pair = 0; pair < one.output_covariance.size(); ++pair) {
    expect_same(one.cosine[0][pair], other.cosine[0][pair], "first cosine");
    expect_same(one.cosine.back()[pair], other.cosine.back()[pair], "last cosine");
    expect_same(one.output_covariance[pair], other.output_covariance[pair], "covariance of outputs");
  }
}

TEST(SeveralInputs, ThatAreOrthogonalBeginSo) {
  const Network network = vanilla({.width = 400, .depth = 3, .inputs = 2});
  const JointEnsemble joint = simulate_jointly(network, JointOptions{.samples = 2000}, {{1, 0}, {0, 2}});
  const Moments& cosine = joint.cosine[0][0];
  EXPECT_LT(std::abs(cosine.mean().value), 4.5 * cosine.mean().std_error);
  EXPECT_NEAR(cosine.variance().value, 1 / 400.0, 4.5 * cosine.variance().std_error + 1e-5);
  const Moments& last = joint.cosine[3][0];
  EXPECT_LT(std::abs(last.mean().value - infinite_width_correlation(network, 0)[3]), 0.01);
}

TEST(SeveralInputs, BecomeParallelInDeepNetworksWithoutHarm) {
  const Network network = vanilla({.width = 60, .depth = 10'000, .alpha = 1, .lambda = 1, .inputs = 3});
  const JointEnsemble joint = simulate_jointly(network, JointOptions{.samples = 4}, kInputs);
  for (const Moments& G : joint.growth) EXPECT_TRUE(std::isfinite(G.mean().value));
  for (const Moments& cosine : joint.cosine.back()) {
    EXPECT_EQ(cosine.count(), 4);
    EXPECT_GT(cosine.mean().value, 0.999);
  }
}

TEST(SeveralInputs, OfWideNetworksHaveTheCorrelationOfInfiniteWidth) {
  const Network network = vanilla({.width = 2000, .depth = 8, .inputs = 3});
  const JointEnsemble joint = simulate_jointly(network, JointOptions{.samples = 200}, kInputs);
  const double cosine = (0.3 + 1 - 2) / std::sqrt(5.25 * 5.09);
  const auto limit = infinite_width_correlation(network, cosine);
  for (std::size_t l = 0; l <= 8; ++l) EXPECT_NEAR(joint.cosine[l][0].mean().value, limit[l], 0.01) << l;
}

TEST(SeveralInputs, GiveTheSameForAnyNumberOfThreads) {
  const Network network = balanced({.width = 20, .depth = 10, .inputs = 3});
  const JointEnsemble one = simulate_jointly(network, JointOptions{.samples = 3000, .threads = 1}, kInputs);
  const JointEnsemble three = simulate_jointly(network, JointOptions{.samples = 3000, .threads = 3}, kInputs);
  EXPECT_EQ(one.output_covariance[1].mean().value, three.output_covariance[1].mean().value);
  EXPECT_EQ(one.growth[2].variance().value, three.growth[2].variance().value);
}

TEST(SeveralInputs, MayBeMoreThanNeurons) {
  std::vector<std::vector<double>> many;
  for (int i = 0; i < 12; ++i) many.push_back({std::cos(i), std::sin(i), 1});
  const JointEnsemble joint =
      simulate_jointly(vanilla({.width = 5, .depth = 4, .inputs = 3}), JointOptions{.samples = 500}, many);
  EXPECT_EQ(joint.output_covariance.size(), 66);
  for (const Moments& cosine : joint.cosine.back()) EXPECT_EQ(cosine.count(), 500);
}

TEST(SeveralInputs, ThatAreWrongAreRefused) {
  const Network network = vanilla({.width = 5, .depth = 4, .inputs = 3});
  EXPECT_THROW(simulate_jointly(network, JointOptions{}, {}), std::invalid_argument);
  EXPECT_THROW(simulate_jointly(network, JointOptions{}, {{1, 2}}), std::invalid_argument);
  EXPECT_THROW(simulate_jointly(network, JointOptions{}, {{1, 2, std::numeric_limits<double>::infinity()}}),
               std::invalid_argument);
  EXPECT_THROW(simulate_jointly(network, JointOptions{.samples = 0}, kInputs), std::invalid_argument);
  EXPECT_THROW(simulate_jointly(network, JointOptions{}, std::vector<std::vector<double>>(1'000'000, {1, 2, 3})),
               std::invalid_argument);
}

}  // namespace
}  // namespace initlaw
