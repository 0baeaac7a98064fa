#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "initlaw/gradient_limit.hpp"
#include "initlaw/laws.hpp"
#include "initlaw/limit.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {

/// All that theory says of one network and input.
struct Prediction {
  Network network;
  Input input;
  /// Of ln||z_l||^2, relative to width and input, l = 0..d, in the log-Gaussian limit.
  std::vector<LogNormGrowth> growth;
  std::vector<NamedLaw> laws;
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
  /// These two are null if there is none.
  const GradientLimit* gradient_limit() const { return gradients ? std::get_if<GradientLimit>(&*gradients) : nullptr; }
  const GradientLaw* gradient_law(OutputDirection direction) const;
};

/// Throws as the limits do, but for that of gradients. The lags are those at which simulate() measures by default.
Prediction predict(const Network& network, const Input& input, bool with_gradients = false);

}  // namespace initlaw
