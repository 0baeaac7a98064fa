#pragma once

#include <gtest/gtest.h>

#include <vector>

namespace initlaw {

/// A law's values at x, with 18 digits (reference/make_reference.py).
struct ReferencePoint {
  double x;
  double pdf;
  double cdf;
  double survival;
};

/// Density and both tails to a relative 1e-10.
template <typename AnyLaw>
void expect_accurate(const AnyLaw& law, const std::vector<ReferencePoint>& points) {
  for (const auto& [x, pdf, cdf, survival] : points) {
    EXPECT_NEAR(law.pdf(x), pdf, 1e-10 * pdf) << "x " << x;
    EXPECT_NEAR(law.cdf(x), cdf, 1e-10 * cdf) << "x " << x;
    EXPECT_NEAR(law.survival(x), survival, 1e-10 * survival) << "x " << x;
  }
}

}  // namespace initlaw
