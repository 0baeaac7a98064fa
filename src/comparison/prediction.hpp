#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "initlaw/gradient_limit.hpp"
#include "initlaw/limit.hpp"
#include "initlaw/tail.hpp"

namespace initlaw {

/// All that the limits say of one network and input.
struct Prediction {
  Network network;
  Input input;
  /// Of ln||z_l||^2, relative to width and input, l = 0..d.
  std::vector<LogNormGrowth> growth;
  Law log_gaussian;
  Law gaussian;
  std::optional<Law> exact;
  std::vector<double> hypoactivation;
  std::vector<double> active_fraction;
  struct LagValue {
    std::size_t lag;
    double covariance;
  };
  std::vector<LagValue> interlayer_covariance;

  /// If they were asked for: their law, or in one line why there is none.
  std::optional<std::variant<GradientLimit, std::string>> gradients;

  const LogNormGrowth& final_growth() const { return growth.back(); }
  /// Null if there is none.
  const GradientLimit* gradient_limit() const { return gradients ? std::get_if<GradientLimit>(&*gradients) : nullptr; }
};

/// Throws as the limits do, but for that of gradients. The lags are those at which simulate() measures by default.
Prediction predict(const Network& network, const Input& input, bool with_gradients = false);

/// P(|z| > threshold) of one output neuron, as the limits and a simulation say.
struct TailReport {
  Tail simulated;
  double log_gaussian;
  double gaussian;
  std::optional<double> exact;
};

/// Throws as the limits do.
TailReport compare(Tail tail);

/// The probabilities of the quantiles that reports give.
inline constexpr double kReportedProbabilities[] = {0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999};

}  // namespace initlaw
