#pragma once

#include "initlaw/compare.hpp"
#include "initlaw/gradient_limit.hpp"
#include "statistics/distances.hpp"

namespace initlaw {

/// A law, tabulated once for comparisons with any number of ensembles. Cost: some ten thousand calls of the law.
class LawTable {
 public:
  explicit LawTable(Law law);

  /// As compare() with the law, to the last bit.
  Fit compare(const Ensemble& ensemble) const;

 private:
  Distance distance_of_log_norm(const Ensemble& ensemble) const;
  Distance distance_of_output(const Ensemble& ensemble) const;

  Law law_;
  TabulatedCdf log_norm_;
  TabulatedCdf log_square_;
};

/// The same of gradients' growth.
class GradientLawTable {
 public:
  explicit GradientLawTable(GradientLaw law);

  Distance compare(const Gradients& gradients) const;

 private:
  GradientLaw law_;
  TabulatedCdf growth_;
};

}  // namespace initlaw
