#pragma once

#include <cstdint>
#include <vector>

#include "initlaw/statistics.hpp"

namespace initlaw {

/// Passes all numbers of a statistic to an archive of cereal's, which writes or reads them.
struct StatisticsArchive {
  template <typename Archive>
  static void pass(Archive& archive, Moments& moments) {
    archive(moments.count_, moments.pivot_, moments.sums_);
  }
  template <typename Archive>
  static void pass(Archive& archive, JointMoments& moments) {
    archive(moments.count_, moments.pivot_x_, moments.pivot_y_, moments.sums_);
  }
  template <typename Archive>
  static void pass(Archive& archive, LogMean& mean) {
    archive(mean.count_, mean.log_unit_, mean.sum_, mean.sum_squares_);
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
