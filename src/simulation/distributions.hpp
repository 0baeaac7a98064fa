#pragma once

#include <optional>

namespace initlaw {

/// What is kept as a histogram, or counted by one, of the networks that live; of gradients, if they are simulated, of
/// those that did not vanish.
template <typename T>
struct Distributions {
  struct Gradient {
    T growth;
    T log_input_norm2;
    T log_ntk;
  };

  T log_output_norm2;
  T log_output_square;
  std::optional<Gradient> gradient;

  /// act(mine, other's) for each that there is.
  template <typename Other, typename Act>
  void zip(const Distributions<Other>& other, const Act& act) {
    act(log_output_norm2, other.log_output_norm2);
    act(log_output_square, other.log_output_square);
    if (!gradient) return;
    act(gradient->growth, other.gradient->growth);
    act(gradient->log_input_norm2, other.gradient->log_input_norm2);
    act(gradient->log_ntk, other.gradient->log_ntk);
  }
};

}  // namespace initlaw
