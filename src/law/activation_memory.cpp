#include "law/activation_memory.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

#include "network/normal_mean.hpp"
#include "network/scaled_activation.hpp"

namespace initlaw {
namespace {

constexpr std::size_t kMostCoefficients = 400;

/// f_k = E (phi(g)^2 - 1) He_k(g)/sqrt(k!), k = 0..kMostCoefficients-1.
std::vector<double> hermite_coefficients(const ScaledActivation& phi) {
  std::vector<double> roots(kMostCoefficients + 1);
  for (std::size_t k = 0; k < roots.size(); ++k) roots[k] = std::sqrt(static_cast<double>(k));
  std::vector<double> coefficients(kMostCoefficients);
  const auto f = [&](double x) { return std::pow(phi(x), 2) - 1; };
  for_normal_nodes([&](double x, double weight) {
    // Those of even order are even.
    const double even = (x == 0 ? f(x) : f(x) + f(-x)) * weight;
    const double odd = x == 0 ? 0 : (f(x) - f(-x)) * weight;
    // The recurrence of normalized polynomials: sqrt(k + 1) h_{k+1} = x h_k - sqrt(k) h_{k-1}
    double before = 0;
    double h = 1;
    for (std::size_t k = 0; k < kMostCoefficients; ++k) {
      coefficients[k] += (k % 2 == 0 ? even : odd) * h;
      const double next = (x * h - roots[k] * before) / roots[k + 1];
      before = h;
      h = next;
    }
  });
  return coefficients;
}

/// s_k = E sgn(g) He_k(g)/sqrt(k!) for odd k: sqrt(2/pi) He_{k-1}(0)/sqrt(k!).
double sign_coefficient(std::size_t k) {
  double s = std::sqrt(2 / std::numbers::pi);
  // s_{k+2}/s_k = -k/sqrt((k+1)(k+2))
  for (std::size_t j = 1; j < k; j += 2) {
    const double order = static_cast<double>(j);
    s *= -order / std::sqrt((order + 1) * (order + 2));
  }
  return s;
}

/// sum_i c[i] x^i and sum_i (2 i + first) c[i] x^i.
struct Series {
  double value = 0;
  double weighted = 0;
};
Series evaluate(const std::vector<double>& c, double x, double first) {
  Series series;
  for (std::size_t i = c.size(); i-- > 0;) {
    series.value = series.value * x + c[i];
    series.weighted = series.weighted * x + (2 * static_cast<double>(i) + first) * c[i];
  }
  return series;
}

}  // namespace

ActivationMemory::ActivationMemory(const Network& network)
    : asymmetry_(network.asymmetry()),
      variance_(3 * asymmetry_ * asymmetry_),
      free_variance_(2 + variance_),
      is_homogeneous_(network.architecture().activation == Activation::kLeakyRelu) {
  exists_ = network.architecture().branch == Branch::kActivationFirst && (!is_homogeneous_ || asymmetry_ != 0);
  if (is_homogeneous_) return;
  const ScaledActivation phi(network);
  free_variance_ = normal_mean([&](double x) { return std::pow(std::pow(phi(x), 2) - 1, 2); });
  const std::vector<double> f = hermite_coefficients(phi);
  variance_ = free_variance_ - f[2] * f[2];
  sphere_ = -std::sqrt(24.0) / 4 * f[4];
  double left = variance_;
  for (std::size_t k = 1; k < f.size() && left > 1e-11 * variance_; ++k) {
    const double square = k == 2 ? 0 : f[k] * f[k];
    left -= square;
    if (k % 2 == 0) {
      even_.push_back(square);
    } else {
      odd_.push_back(square);
      odd_sign_.push_back(f[k] * sign_coefficient(k));
    }
  }
}

ActivationMemory::Terms ActivationMemory::terms(const Correlation& c, double w) const {
  if (!exists_) return {0, 0, 0};
  if (is_homogeneous_) {
    const double b = asymmetry_;
    return {.covariance = b * b * w * activation_covariance(c),
            .covariance_derivative = b * b * w * c.rho * activation_covariance_derivative(c),
            .sign_derivative = b * w * c.rho * (4 / std::numbers::pi) * c.complement};
  }
  const double rho2 = c.rho * c.rho;
  const Series odd = evaluate(odd_, rho2, 1);
  const Series even = evaluate(even_, rho2, 2);
  const Series sign = evaluate(odd_sign_, rho2, 1);
  return {.covariance = w * c.rho * odd.value + rho2 * even.value,
          .covariance_derivative = w * c.rho * odd.weighted + rho2 * even.weighted,
          .sign_derivative = w * c.rho * sign.weighted};
}

}  // namespace initlaw
