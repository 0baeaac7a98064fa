#pragma once

#include <complex>
#include <cstddef>
#include <vector>

#include "law/active_neurons.hpp"

namespace initlaw {

/// ln sqrt(chi^2_{N-1}/chi^2_N), the two independent: what happens to a small angle's logarithm where two vectors of N
/// normal components are drawn. N may be random.
class SmallAngleLayer {
 public:
  /// The neurons of a ReLU layer that are active, at least two.
  static SmallAngleLayer relu(std::size_t width) { return SmallAngleLayer(active_neurons(width, 2)); }
  /// All of a layer.
  static SmallAngleLayer linear(std::size_t width) {
    return SmallAngleLayer({{.count = static_cast<double>(width), .weight = 1}});
  }

  /// ln E e^{sX}, for -1 < Re s < 2.
  std::complex<double> log_transform(std::complex<double> s) const;
  double mean() const;
  double variance() const;

 private:
  explicit SmallAngleLayer(std::vector<ActiveNeurons> nodes) : nodes_(std::move(nodes)) {}

  std::vector<ActiveNeurons> nodes_;
};

}  // namespace initlaw
