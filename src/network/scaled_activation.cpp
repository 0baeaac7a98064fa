#include "network/scaled_activation.hpp"

#include <cmath>
#include <numbers>

#include "network/normal_mean.hpp"
#include "network/root_of_squares.hpp"

namespace initlaw {
namespace {

double normal_distribution(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }
double logistic(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

ScaledActivation::ScaledActivation(const Network& network)
    : kind_(network.architecture().activation),
      positive_(std::numbers::sqrt2 / root_of_squares(1, network.leak())),
      negative_(positive_ * network.leak()) {
  if (is_homogeneous()) return;
  scale_ = 1 / std::sqrt(normal_mean([this](double x) { return std::pow(unscaled(x), 2); }));
}

double ScaledActivation::unscaled(double x) const {
  switch (kind_) {
    case Activation::kGelu:
      return x * normal_distribution(x);
    case Activation::kSilu:
      return x * logistic(x);
    case Activation::kTanh:
      return std::tanh(x);
    case Activation::kErf:
      return std::erf(x);
    case Activation::kLeakyRelu:
      break;
  }
  return slope(x) * x;
}

double ScaledActivation::unscaled_slope(double x) const {
  switch (kind_) {
    case Activation::kGelu:
      return normal_distribution(x) + x * normal_density(x);
    case Activation::kSilu:
      return logistic(x) * (1 + x * logistic(-x));
    case Activation::kTanh:
      return 1 - std::pow(std::tanh(x), 2);
    case Activation::kErf:
      return 2 * std::numbers::inv_sqrtpi * std::exp(-x * x);
    case Activation::kLeakyRelu:
      break;
  }
  return x > 0 ? positive_ : negative_;
}

}  // namespace initlaw
