#include "initlaw/tangent_kernel.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "initlaw/several_inputs.hpp"
#include "joint/same_law.hpp"
#include "support/sanitized.hpp"

namespace initlaw {
namespace {

using Vector = std::vector<double>;
using Vectors = std::vector<Vector>;

const Vectors kThreeInputs = {{1, 0.5, -2}, {0.3, 2, 1}, {-1, -0.5, 2.5}};

double product(const Vector& a, const Vector& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

/// A network with all its weights, which backpropagates by the chain rule.
class DenseNetwork {
 public:
  DenseNetwork(const Network& network, std::mt19937_64& engine)
      : network_(network), first_(draw(network.width(0), network.inputs(), engine)) {
    Vector sign(network.width(0), 1);
    for (std::size_t l = 1; l <= network.depth(); ++l) {
      signs_.push_back(sign);
      auto& branch = branches_.emplace_back();
      for (std::size_t b = 1; b < network.branch_depth(); ++b) {
        branch.push_back(draw(network.width(l - 1), network.width(l - 1), engine));
      }
      branch.push_back(draw(network.width(l), network.width(l - 1), engine));
      sign.resize(network.width(l), 1);
      for (double& s : sign) {
        if (std::uniform_real_distribution<double>()(engine) < network.flip()) s = -s;
      }
    }
    output_ = draw(1, network.width(network.depth()), engine)[0];
  }

  /// df/dW at an input, over all weights; those of zero scale are left out.
  Vector gradient(const Vector& x) const {
    const double s = std::sqrt(2 / (1 + network_.leak() * network_.leak()));
    const auto slope = [&](double y) { return s * (y > 0 ? 1 : network_.leak()); };
    Vectors z{multiply(first_, x)};
    std::vector<Vectors> pre;  // what the branches' activations see
    for (std::size_t l = 1; l <= network_.depth(); ++l) {
      Vector y = z.back();
      for (std::size_t i = 0; i < y.size(); ++i) y[i] *= signs_[l - 1][i];
      auto& seen = pre.emplace_back();
      for (const Vectors& W : branches_[l - 1]) {
        seen.push_back(y);
        for (double& component : y) component *= slope(component);
        y = multiply(W, y);
      }
      for (std::size_t i = 0; i < y.size(); ++i) {
        y[i] *= network_.lambda(l);
        if (network_.alpha(l) != 0) y[i] += network_.alpha(l) * z.back()[i];
      }
      z.push_back(y);
    }
    Vector result;
    const auto add = [&](const Vector& e, const Vector& v) {
      for (const double one : e) {
        for (const double other : v) result.push_back(one * other / std::sqrt(static_cast<double>(v.size())));
      }
    };
    add({1}, z.back());
    Vector delta = output_;
    for (double& component : delta) component /= std::sqrt(static_cast<double>(delta.size()));
    for (std::size_t l = network_.depth(); l > 0; --l) {
      Vector e = delta;
      for (double& component : e) component *= network_.lambda(l);
      for (std::size_t b = branches_[l - 1].size(); b-- > 0;) {
        const Vector& y = pre[l - 1][b];
        Vector v = y;
        for (double& component : v) component *= slope(component);
        add(e, v);
        Vector below(y.size());
        for (std::size_t j = 0; j < below.size(); ++j) {
          for (std::size_t i = 0; i < e.size(); ++i) below[j] += branches_[l - 1][b][i][j] * e[i];
          below[j] *= slope(y[j]) / std::sqrt(static_cast<double>(y.size()));
        }
        e = below;
      }
      for (std::size_t i = 0; i < e.size(); ++i) {
        e[i] *= signs_[l - 1][i];
        if (network_.alpha(l) != 0) e[i] += network_.alpha(l) * delta[i];
      }
      delta = e;
    }
    add(delta, x);
    return result;
  }

 private:
  static Vectors draw(std::size_t rows, std::size_t columns, std::mt19937_64& engine) {
    std::normal_distribution<double> normal;
    Vectors W(rows, Vector(columns));
    for (Vector& row : W) {
      for (double& weight : row) weight = normal(engine);
    }
    return W;
  }

  static Vector multiply(const Vectors& W, const Vector& v) {
    Vector result;
    for (const Vector& row : W) result.push_back(product(row, v) / std::sqrt(static_cast<double>(v.size())));
    return result;
  }

  const Network& network_;
  Vectors first_;
  Vectors signs_;
  std::vector<std::vector<Vectors>> branches_;  ///< of each layer the branch's matrices
  Vector output_;
};

/// Theta_ij and its cosine, as a TangentKernelEnsemble has them.
struct DenseKernel {
  std::vector<Moments> kernel, cosine, log_diagonal;
};
DenseKernel dense_kernel(const Network& network, const Vectors& inputs, const Vector& log_unit, int samples) {
  const std::size_t pairs = inputs.size() * (inputs.size() + 1) / 2;
  DenseKernel found{std::vector<Moments>(pairs), std::vector<Moments>(pairs), std::vector<Moments>(inputs.size())};
  std::mt19937_64 engine(7);
  for (int sample = 0; sample < samples; ++sample) {
    const DenseNetwork one(network, engine);
    Vectors gradients;
    for (const Vector& x : inputs) gradients.push_back(one.gradient(x));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const double own = product(gradients[i], gradients[i]);
      if (own > 0) found.log_diagonal[i].add(std::log(own));
      for (std::size_t j = 0; j <= i; ++j) {
        const std::size_t place = TangentKernelEnsemble::place(i, j);
        const double theta = product(gradients[i], gradients[j]);
        found.kernel[place].add(theta == 0 ? 0 : theta / std::exp(log_unit[i] + log_unit[j]));
        const double norms = std::sqrt(own * product(gradients[j], gradients[j]));
        if (norms > 0) found.cosine[place].add(theta / norms);
      }
    }
  }
  return found;
}

void expect_dense_law(const Network& network, const Vectors& inputs, std::uint64_t samples) {
  const TangentKernelEnsemble found = simulate_tangent_kernel(network, {.samples = samples}, inputs);
  const DenseKernel expected = dense_kernel(network, inputs, found.log_unit, static_cast<int>(samples));
  expect_same(found.kernel, expected.kernel, samples, "Theta");
  expect_same(found.cosine, expected.cosine, samples, "cosine");
  expect_same(found.log_diagonal, expected.log_diagonal, samples, "ln Theta_ii");
}

TEST(TangentKernel, HasTheLawOfDenseNetworks) {
  const Vector alphas{0.9, -0.5, 0, 0.7};
  const Vector lambdas{0.3, 0.8, 1, -0.6};
  const std::vector<std::size_t> widths{7, 12, 4, 8};
  const Network networks[] = {
      vanilla({.width = 6, .depth = 4, .inputs = 3}),
      vanilla({.width = 6, .depth = 4, .alpha = alphas, .lambda = lambdas, .inputs = 3, .leak = 0.3}),
      vanilla({.width = 6, .depth = 3, .alpha = 1, .lambda = 0.4, .inputs = 3, .leak = 0.2, .branch_depth = 3}),
      vanilla({.width = 6, .depth = 4, .inputs = 3, .leak = -1}),
      balanced({.width = 6, .depth = 4, .inputs = 3, .branch_depth = 2}),
      balanced({.width = 2, .depth = 6, .inputs = 3, .leak = 0.3}),
      balanced({.width = 4, .depth = 8, .inputs = 3, .leak = 0.3}),
      vanilla({.width = 6, .depth = 4, .inputs = 3}).with_flip(0.2),
      stable({.width = 6, .depth = 4, .residual_scale = 1.5, .inputs = 3}),
      fully_connected({.width = widths, .depth = 3, .inputs = 3, .leak = 0.1})};
  for (const Network& network : networks) {
    SCOPED_TRACE(to_json(network));
    expect_dense_law(network, kThreeInputs, support::samples(10'000));
  }
}

// Null hypothesis as above, for inputs of every rank, among them dependent ones that come first, at widths below, at
// and above the number of inputs, and where ReLU layers leave activations dependent, or 0.
TEST(TangentKernel, HasTheLawOfDenseNetworksAtEveryRankAndWidth) {
  const Vectors of_rank_1 = {{1, 2}, {2, 4}, {-0.5, -1}};
  const Vectors of_rank_2 = {{1, 2}, {2, 4}, {0.3, 1}, {-1, -2}, {2, -1}};
  const Vectors of_rank_3 = {{1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 0}, {1, 1, 1}, {1, 1, 1.001}};
  for (const std::size_t width : {1u, 2u, 3u, 5u, 8u}) {
    for (const Vectors& inputs : {of_rank_1, of_rank_2, of_rank_3}) {
      for (const std::size_t depth : {1u, 3u}) {
        SCOPED_TRACE(fmt::format("width {}, depth {}, {} inputs", width, depth, inputs.size()));
        expect_dense_law(vanilla({.width = width, .depth = depth, .inputs = inputs[0].size()}), inputs,
                         support::samples(5'000));
      }
    }
  }
  const Network shrinking = fully_connected({.width = std::vector<std::size_t>{9, 4, 2, 6}, .depth = 3, .inputs = 2});
  expect_dense_law(shrinking, of_rank_2, support::samples(5'000));
}

// Null hypothesis: ln Theta has the law that one input's gradients have.
TEST(TangentKernel, HasTheDiagonalOfOneInput) {
  const Network network = vanilla({.width = 30, .depth = 20, .inputs = 3, .leak = 0.1, .branch_depth = 2});
  const TangentKernelEnsemble found =
      simulate_tangent_kernel(network, {.samples = support::samples(10'000), .seed = 2}, kThreeInputs);
  for (std::size_t i = 0; i < kThreeInputs.size(); ++i) {
    const Ensemble one = simulate(network, {.samples = support::samples(40'000), .gradients = OutputDirection::kRandom},
                                  Input(kThreeInputs[i]));
    expect_same(found.log_diagonal[i], one.gradients->log_ntk, "ln Theta");
    const Estimate mean = one.gradients->ntk.mean();
    EXPECT_LT(std::abs(found.mean(i, i).value - mean.value),
              4.5 * std::hypot(found.mean(i, i).std_error, mean.std_error));
  }
}

// Null hypothesis: E Theta is that of infinite width but for O(d/n); the constant is generous, and far below what a
// wrong recursion would be off by.
TEST(TangentKernel, OfWideNetworksIsThatOfInfiniteWidth) {
  const double cosine = (0.3 + 1 - 2) / std::sqrt(5.25 * 5.09);
  for (const Network& network :
       {vanilla({.width = 1000, .depth = 6, .inputs = 3}),
        vanilla({.width = 1000, .depth = 4, .alpha = 0.5, .lambda = 1.2, .inputs = 3, .leak = -0.3, .branch_depth = 2}),
        balanced({.width = 1000, .depth = 6, .inputs = 3}),
        fully_connected({.width = 1000, .depth = 4, .inputs = 3})}) {
    SCOPED_TRACE(to_json(network));
    const TangentKernelEnsemble found = simulate_tangent_kernel(network, {.samples = 100}, kThreeInputs);
    const double limit = infinite_width_tangent_correlation(network, cosine);
    const auto expect_near = [&](const Estimate& simulated, double value) {
      EXPECT_NEAR(simulated.value, value, 4.5 * simulated.std_error + 10.0 / 1000);
      EXPECT_LT(simulated.std_error, 0.02);
    };
    expect_near(found.kernel[TangentKernelEnsemble::place(0, 1)].mean(), limit);
    expect_near(found.cosine[TangentKernelEnsemble::place(0, 1)].mean(), limit);
    expect_near(found.kernel[TangentKernelEnsemble::place(2, 2)].mean(), 1);
  }
}

TEST(TangentKernel, OfParallelInputsIsAlikeAndOfZeroNone) {
  const Network network = vanilla({.width = 20, .depth = 50, .inputs = 3});
  const TangentKernelEnsemble found =
      simulate_tangent_kernel(network, {.samples = 200}, {kThreeInputs[0], kThreeInputs[1], {2, 1, -4}, {0, 0, 0}});
  EXPECT_NEAR(found.cosine[TangentKernelEnsemble::place(0, 2)].mean().value, 1, 1e-13);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(found.mean(2, i).value / found.mean(0, i).value, 2, 1e-12);
    EXPECT_NEAR(found.spread(2, i).value / found.spread(0, i).value, 2, 1e-12);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(found.mean(3, i).value, 0);
    EXPECT_EQ(found.spread(i, 3).value, 0);
    EXPECT_EQ(found.cosine[TangentKernelEnsemble::place(3, i)].count(), 0);
  }
  EXPECT_EQ(found.log_diagonal[3].count(), 0);
}

// Linear networks are odd.
TEST(TangentKernel, OfOppositeInputsIsOppositeInLinearNetworks) {
  const Network network = vanilla({.width = 6, .depth = 20, .inputs = 2, .leak = 1});
  const TangentKernelEnsemble found = simulate_tangent_kernel(network, {.samples = 100}, {{1, 2}, {-3, -6}});
  EXPECT_NEAR(found.cosine[TangentKernelEnsemble::place(0, 1)].mean().value, -1, 1e-13);
}

// Of one linear neuron a layer, Theta = f^2 sum 1/w^2 over all K weights w. That sum has the law of K^2/w^2, which is
// stable (Lévy). Null hypothesis: so ln Theta - G, with f^2 = w_out^2 e^G, has the mean 2 ln K. The last f^2 is
// e^-2500.
TEST(TangentKernel, OfAChainOfNeuronsHasLevysLaw) {
  for (const std::size_t branch_depth : {1, 2000}) {
    const Network network = vanilla(
        {.width = 1, .depth = 2000 / branch_depth, .alpha = 0, .lambda = 1, .leak = 1, .branch_depth = branch_depth});
    Moments difference;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      const Moments log_theta = simulate_tangent_kernel(network, {.samples = 1, .seed = seed}, {{1}}).log_diagonal[0];
      const Moments growth = simulate_jointly(network, {.samples = 1, .seed = seed}, {{1}}).growth[0];
      difference.add(log_theta.mean().value - growth.mean().value);
    }
    EXPECT_NEAR(difference.mean().value, 2 * std::log(2002), 4.5 * difference.mean().std_error);
    EXPECT_LT(difference.mean().std_error, 0.3);
  }
}

TEST(TangentKernel, NeverOverflows) {
  for (const Network& network : {vanilla({.width = 12, .depth = 3000, .alpha = 1, .lambda = 1, .inputs = 3}),
                                 vanilla({.width = 12, .depth = 3000, .alpha = 0.1, .lambda = 0.1, .inputs = 3}),
                                 balanced({.width = 4, .depth = 8000, .inputs = 3, .leak = 0.1}),
                                 vanilla({.width = 4, .depth = 2, .inputs = 3, .leak = 0.1, .branch_depth = 4000})}) {
    SCOPED_TRACE(to_json(network));
    const TangentKernelEnsemble found = simulate_tangent_kernel(network, {.samples = 16}, kThreeInputs);
    for (const Moments& log_diagonal : found.log_diagonal) {
      EXPECT_EQ(log_diagonal.count(), 16);
      EXPECT_TRUE(std::isfinite(log_diagonal.variance().value));
    }
    for (const Moments& cosine : found.cosine) EXPECT_EQ(cosine.count(), 16);
    for (const Moments& kernel : found.kernel) EXPECT_TRUE(std::isfinite(kernel.mean().value));
  }
}

TEST(TangentKernel, IsTheSameForAnyNumberOfThreads) {
  const Network network = balanced({.width = 20, .depth = 10, .inputs = 3});
  const TangentKernelEnsemble one = simulate_tangent_kernel(network, {.samples = 1500, .threads = 1}, kThreeInputs);
  const TangentKernelEnsemble three = simulate_tangent_kernel(network, {.samples = 1500, .threads = 3}, kThreeInputs);
  for (std::size_t i = 0; i < one.kernel.size(); ++i) {
    EXPECT_EQ(one.kernel[i].mean().value, three.kernel[i].mean().value);
    EXPECT_EQ(one.kernel[i].variance().std_error, three.kernel[i].variance().std_error);
    EXPECT_EQ(one.cosine[i].mean().value, three.cosine[i].mean().value);
  }
}

TEST(TangentKernel, StopsWhenAsked) {
  const Network network = vanilla({.width = 20, .depth = 10, .inputs = 3});
  const auto stop = [](std::uint64_t) { return false; };
  const TangentKernelEnsemble found = simulate_tangent_kernel(network, {.samples = 100'000}, kThreeInputs, stop);
  EXPECT_LT(found.samples, 100'000);
  EXPECT_EQ(found.kernel[0].count(), found.samples);
}

TEST(TangentKernel, RefusesWhatItCannotSimulate) {
  const Network network = vanilla({.width = 5, .depth = 4, .inputs = 3});
  const auto refuses = [](const Network& refused, const TangentKernelOptions& options, const Vectors& inputs) {
    EXPECT_THROW(simulate_tangent_kernel(refused, options, inputs), std::invalid_argument);
  };
  refuses(network, {}, {});
  refuses(network, {}, {{1, 2}});
  refuses(network, {}, {{1, 2, NAN}});
  refuses(network, {.samples = 0}, kThreeInputs);
  refuses(network, {.threads = 2000}, kThreeInputs);
  refuses(vanilla({.width = 100'000, .depth = 1'000'000, .inputs = 3}), {}, kThreeInputs);
  refuses(vanilla({.width = 5, .depth = 4, .inputs = 3, .architecture = {.branch = Branch::kLinearFirst}}), {},
          kThreeInputs);
}

}  // namespace
}  // namespace initlaw
