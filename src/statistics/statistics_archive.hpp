#pragma once

#include <cereal/details/helpers.hpp>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "initlaw/statistics.hpp"

namespace initlaw {

using cereal::make_nvp;

/// Passes all numbers of a statistic, with their names, to an archive, which writes or reads them.
struct StatisticsArchive {
  template <typename Archive>
  static void pass(Archive& archive, Moments& moments) {
    archive(make_nvp("count", moments.count_), make_nvp("pivot", moments.pivot_), make_nvp("sums", moments.sums_));
  }
  template <typename Archive>
  static void pass(Archive& archive, JointMoments& moments) {
    archive(moments.count_, moments.pivot_x_, moments.pivot_y_, moments.sums_);
  }
  template <typename Archive>
  static void pass(Archive& archive, LogMean& mean) {
    archive(make_nvp("count", mean.count_), make_nvp("log_unit", mean.log_unit_), make_nvp("sum", mean.sum_),
            make_nvp("sum_squares", mean.sum_squares_));
  }
  template <typename Archive>
  static void write(Archive& archive, const Histogram& h) {
    archive(h.low_, h.bin_width_, h.count_, h.smallest_, h.largest_, h.packed_counts());
  }
  template <typename Archive>
  static void read(Archive& archive, Histogram& h) {
    std::vector<std::uint8_t> packed;
    archive(h.low_, h.bin_width_, h.count_, h.smallest_, h.largest_, packed);
    h.unpack_counts(packed);
  }
  /// With the counts of bins one by one, for people.
  template <typename Archive>
  static void write_open(Archive& archive, const Histogram& h) {
    const auto counts = h.counts();
    archive(make_nvp("low", h.low_), make_nvp("bin_width", h.bin_width_), make_nvp("smallest", h.smallest_),
            make_nvp("largest", h.largest_),
            make_nvp("counts", std::vector<std::uint64_t>(counts.begin(), counts.end())));
  }
  /// False if what was read is no histogram's.
  template <typename Archive>
  static bool read_open(Archive& archive, Histogram& h) {
    archive(make_nvp("low", h.low_), make_nvp("bin_width", h.bin_width_), make_nvp("smallest", h.smallest_),
            make_nvp("largest", h.largest_), make_nvp("counts", h.counts_));
    if (!(std::isfinite(h.low_) && std::isfinite(h.bin_width_) && h.bin_width_ > 0)) return false;
    if (h.counts_.empty()) return h.smallest_ > h.largest_;
    if (!(h.smallest_ <= h.largest_)) return false;
    h.count_ = std::reduce(h.counts_.begin(), h.counts_.end());
    h.window_ = h.first_bin();
    return h.counts_.front() > 0 && h.counts_.back() > 0 && h.bin_of(h.largest_) - h.window_ + 1 == h.counts_.size();
  }
};

// cereal's convention.
template <typename Archive>
void serialize(Archive& archive, Moments& moments) {
  StatisticsArchive::pass(archive, moments);
}
template <typename Archive>
void serialize(Archive& archive, JointMoments& moments) {
  StatisticsArchive::pass(archive, moments);
}
template <typename Archive>
void serialize(Archive& archive, LogMean& mean) {
  StatisticsArchive::pass(archive, mean);
}
template <typename Archive>
void save(Archive& archive, const Histogram& histogram) {
  StatisticsArchive::write(archive, histogram);
}
template <typename Archive>
void load(Archive& archive, Histogram& histogram) {
  StatisticsArchive::read(archive, histogram);
}

}  // namespace initlaw
