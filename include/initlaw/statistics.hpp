#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "initlaw/export.hpp"

namespace initlaw {
struct StatisticsArchive;
}

namespace INITLAW_API initlaw {

/// A number estimated from samples, with the standard deviation of its sampling error. Where there are too few samples
/// for a number it is not finite; reports leave it out.
struct Estimate {
  double value;
  double std_error;
};

/// Mean, variance and fourth moment of a stream of numbers in one pass. O(1) memory. What is summed are powers of x -
/// (the first number), so that a large mean does not cancel digits. If the first number lies k > 1 standard deviations
/// from the mean, the variance's relative rounding error is larger by a factor k^2, and that of its standard error by
/// k^4.
class Moments {
 public:
  /// Adds a number.
  void add(double x);
  /// Adds several numbers, up to rounding as if one by one, but faster.
  void add(std::span<const double> numbers);
  /// As if the other's numbers had been added after this one's.
  void merge(const Moments& other);

  /// How many numbers there are.
  std::uint64_t count() const { return count_; }
  /// The mean; its error is that of independent numbers.
  Estimate mean() const;
  /// The unbiased variance; its error from the fourth central moment.
  Estimate variance() const;
  /// E(x - mean)^4/variance^2 - 3.
  double excess_kurtosis() const;

 private:
  friend struct StatisticsArchive;
  /// The mean, and the sums of the second and fourth powers of x - mean.
  struct Central {
    double mean;
    double m2;
    double m4;
  };
  Central central() const;

  std::uint64_t count_ = 0;
  double pivot_ = 0;              ///< the first number
  std::array<double, 4> sums_{};  ///< of the powers of x - pivot
};

/// How two numbers vary together, in one pass over a stream of pairs. O(1) memory. As Moments, sums of powers are kept
/// of the numbers less the first ones.
class JointMoments {
 public:
  /// Adds a pair.
  void add(double x, double y);
  /// As if the other's pairs had been added after this one's.
  void merge(const JointMoments& other);

  /// How many pairs there are.
  std::uint64_t count() const { return count_; }
  /// The unbiased covariance; its error from the mixed fourth moments.
  Estimate covariance() const;
  /// Pearson's correlation; its error is that of large samples, from the fourth moments.
  Estimate correlation() const;

 private:
  friend struct StatisticsArchive;
  static constexpr std::size_t kPowers = 5;
  using Sums = std::array<double, kPowers * kPowers>;  ///< element [i * kPowers + j] of x^i y^j, i + j < kPowers
  /// The sums of the powers of x - pivot_x + dx and y - pivot_y + dy.
  Sums shifted(double dx, double dy) const;

  std::uint64_t count_ = 0;
  double pivot_x_ = 0;
  double pivot_y_ = 0;
  Sums sums_{};  ///< of the powers of x - pivot_x and y - pivot_y
};

/// The mean of numbers given by their logarithms, which neither overflows nor underflows. O(1) memory.
class LogMean {
 public:
  /// Adds e^log_value; -infinity adds 0, and infinity makes the mean infinite.
  void add(double log_value);
  /// As if the other's numbers had been added too.
  void merge(const LogMean& other);

  /// ln of the mean.
  double log_mean() const;
  /// The mean and its error; infinite where a double cannot hold it. With a long tail the error is too small as long as
  /// a few numbers make most of the sum of squares.
  Estimate mean() const;
  /// The mean's error divided by the mean. Not finite if all numbers are 0 or one is infinite.
  double relative_error() const;
  /// The largest number's share in the sum of the numbers' squares, from which the error is. Infinite if all are 0.
  double largest_share() const { return 1 / sum_squares_; }

 private:
  friend struct StatisticsArchive;
  void rescale(double log_unit);
  Estimate mean_in_unit() const;

  std::uint64_t count_ = 0;
  double log_unit_ = -std::numeric_limits<double>::infinity();  ///< of the largest number so far
  double sum_ = 0;                                              ///< in that unit
  double sum_squares_ = 0;
};

/// The empirical distribution of a stream of numbers: counts in 2^18 equal bins between two bounds. Memory is taken
/// only for the bins between the smallest and the largest number, and some beside them. A number outside the bounds is
/// counted in the outermost bin. Whatever is read off a histogram is exact to one bin.
class Histogram {
 public:
  static constexpr std::size_t kBins = std::size_t{1} << 18;

  /// Throws std::invalid_argument unless low < high, both finite.
  Histogram(double low, double high);

  /// Throws std::invalid_argument if a number is NaN, and then adds none.
  void add(double x) { add(std::span(&x, 1)); }
  void add(std::span<const double> numbers);
  /// As if the other's numbers had been added too, in whatever order. Throws std::invalid_argument unless the bounds
  /// are the same.
  void merge(const Histogram& other);

  /// How many numbers there are.
  std::uint64_t count() const { return count_; }
  /// The lower edge of a bin; that of bin kBins is the upper bound.
  double low_edge(std::size_t bin) const { return low_ + static_cast<double>(bin) * bin_width_; }
  /// The counts of bins first_bin(), first_bin() + 1, ..., of which the first and the last are not 0. All others are.
  std::span<const std::uint64_t> counts() const;
  std::size_t first_bin() const { return count_ == 0 ? 0 : bin_of(smallest_); }
  /// The bin that counts x, which must not be NaN.
  std::size_t bin_of(double x) const;
  /// The smallest and the largest number. Not finite if there is none.
  double smallest() const { return smallest_; }
  double largest() const { return largest_; }
  /// The p-quantile, 0 <= p <= 1. Its error comes from the order statistics one standard deviation sqrt(p(1-p)/count)
  /// of the empirical distribution function away; it is not finite if fewer than ten numbers lie on one side.
  /// Throws std::invalid_argument if p is out of range.
  Estimate quantile(double p) const;
  /// The p-quantiles of increasing p, without errors: in the time of one. Throws as quantile() does.
  std::vector<double> quantiles(std::span<const double> p) const;

 private:
  friend struct StatisticsArchive;
  /// For each bin that is not empty how many bins lie between it and the one before, and its count, 7 bits a byte.
  std::vector<std::uint8_t> packed_counts() const;
  /// The reverse. Throws std::invalid_argument if the bytes are none that packed_counts() makes.
  void unpack_counts(const std::vector<std::uint8_t>& packed);
  /// Takes memory for the bins from `first` to `last` and some beside them.
  void reach(std::size_t first, std::size_t last);

  double low_;
  double bin_width_;
  std::uint64_t count_ = 0;
  double smallest_ = std::numeric_limits<double>::infinity();
  double largest_ = -std::numeric_limits<double>::infinity();
  std::size_t window_ = 0;             ///< the bin of counts_[0]
  std::vector<std::uint64_t> counts_;  ///< of a window that holds all numbers
};

}  // namespace initlaw
