#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "initlaw/statistics.hpp"

namespace initlaw {

/// The ratio of two sums over independent batches of samples, with an error from how batches differ. O(1) memory.
/// Source: the ratio estimator of survey sampling; Cochran, "Sampling techniques" (1977), section 6.4.
class BatchRatio {
 public:
  /// A batch whose part in the sums is x and y.
  void add(double x, double y) {
    ++batches_;
    x_ += x;
    y_ += y;
    xx_ += x * x;
    xy_ += x * y;
    yy_ += y * y;
  }

  /// As if the other's batches had been added after this one's.
  void merge(const BatchRatio& other) {
    batches_ += other.batches_;
    x_ += other.x_;
    y_ += other.y_;
    xx_ += other.xx_;
    xy_ += other.xy_;
    yy_ += other.yy_;
  }

  /// sum x/sum y. Not finite if all y are 0, and its error not with less than two batches.
  Estimate ratio() const {
    const double r = x_ / y_;
    const double squares = std::max(0.0, xx_ - 2 * r * xy_ + r * r * yy_);
    const double n = static_cast<double>(batches_);
    return {r, std::sqrt(squares * n / (n - 1)) / y_};
  }

  /// Passes all of its numbers to an archive (cereal's convention).
  template <typename Archive>
  void serialize(Archive& archive) {
    archive(batches_, x_, y_, xx_, xy_, yy_);
  }

 private:
  std::uint64_t batches_ = 0;
  double x_ = 0;
  double y_ = 0;
  double xx_ = 0;
  double xy_ = 0;
  double yy_ = 0;
};

}  // namespace initlaw
