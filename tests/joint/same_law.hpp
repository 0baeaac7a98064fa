#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "initlaw/statistics.hpp"

namespace initlaw {

/// Null hypothesis: both have the same mean and variance; two-sided, at 4.5 standard errors.
inline void expect_same(const Moments& one, const Moments& other, const char* what) {
  for (const auto& [a, b] : {std::pair(one.mean(), other.mean()), std::pair(one.variance(), other.variance())}) {
    EXPECT_LT(std::abs(a.value - b.value), 4.5 * std::hypot(a.std_error, b.std_error))
        << what << " " << a.value << " " << b.value;
  }
}

/// The same of numbers of as many networks each, of which some are counted. Numbers that do not differ, but for
/// rounding, are compared as such.
inline void expect_same(const std::vector<Moments>& ones, const std::vector<Moments>& others, std::uint64_t samples,
                        const char* what) {
  ASSERT_EQ(ones.size(), others.size());
  for (std::size_t i = 0; i < ones.size(); ++i) {
    SCOPED_TRACE(i);
    // The share of networks that live; both are binomial.
    const double n = static_cast<double>(others[i].count());
    EXPECT_NEAR(static_cast<double>(ones[i].count()), n,
                4.5 * std::sqrt(2 * n * (1 - n / static_cast<double>(samples))))
        << what;
    if (n < 100) continue;
    if (std::max(ones[i].variance().value, others[i].variance().value) < 1e-12) {
      EXPECT_NEAR(ones[i].mean().value, others[i].mean().value, 1e-6) << what;
    } else {
      expect_same(ones[i], others[i], what);
    }
  }
}

}  // namespace initlaw
