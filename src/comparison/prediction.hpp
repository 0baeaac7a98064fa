#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "initlaw/finite_width.hpp"
#include "initlaw/gradient_limit.hpp"
#include "initlaw/laws.hpp"
#include "initlaw/limit.hpp"
#include "initlaw/regime.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {

/// All that theory says of one network and input.
struct Prediction {
  Network network;
  Input input;
  /// Of ln||z_l||^2, relative to width and input, l = 0..d, in the log-Gaussian limit.
  std::vector<LogNormGrowth> growth;
  /// The same at finite width, to second order; empty unless the network has the standard architecture.
  std::vector<LogNormCumulants> finite_width;
  std::vector<NamedLaw> laws;
  std::vector<double> hypoactivation;
  std::vector<double> active_fraction;
  /// The last two at finite width; empty where finite_width is.
  std::vector<LayerActivity> activity;
  struct LagValue {
    std::size_t lag;
    double covariance;
  };
  std::vector<LagValue> interlayer_covariance;

  /// By how much any probability of the finite-width law may be off: what the third order changes in its cumulants, and
  /// later ones as that goes on. Above 0.05 it says no more than that the law is not to be used. None if there is no
  /// such law, or none of the cumulants to third order.
  std::optional<double> finite_width_error;

  /// If they were asked for: their law, or in one line why there is none.
  std::optional<std::variant<GradientLimit, std::string>> gradients;
  /// With them, for an output in either direction, the gradient's size at some layers, evenly spread from the first to
  /// the last. Empty where the layers above one have no law, or where there is no such direction.
  std::map<OutputDirection, std::vector<GradientNorm>> gradient_norms;

  std::optional<Regime> regime;  ///< if it was asked for

  /// True if there is a law of this key.
  bool has_law(std::string_view key) const;
  /// These two are null if there is none.
  const GradientLimit* gradient_limit() const { return gradients ? std::get_if<GradientLimit>(&*gradients) : nullptr; }
  const GradientLaw* gradient_law(OutputDirection direction) const;
};

/// What a prediction is to have beside the laws.
struct PredictionParts {
  bool gradients = false;
  bool regime = true;  ///< which takes the laws of five more networks
};

/// Throws as the limits do, but for that of gradients. The lags are those at which simulate() measures by default.
Prediction predict(const Network& network, const Input& input, const PredictionParts& parts = {});

}  // namespace initlaw
