#pragma once

#include <optional>
#include <vector>

#include "initlaw/statistics.hpp"

namespace initlaw {

/// Makes a Histogram of a stream of numbers whose range is not known before: it is 16 standard deviations to either
/// side of the mean of the first thousand numbers, or of all if there are fewer.
class HistogramBuilder {
 public:
  void add(double x);
  /// Empty if there was no number.
  std::optional<Histogram> histogram() const;

 private:
  std::optional<Histogram> histogram_;
  std::vector<double> first_;  ///< those that wait for a histogram
};

}  // namespace initlaw
