#pragma once

#include <optional>
#include <vector>

#include "initlaw/finite_width.hpp"
#include "initlaw/laws.hpp"
#include "initlaw/limit.hpp"
#include "initlaw/regime.hpp"

namespace initlaw {

/// By how much any probability of the law to second order may be off: what the orders from the third on change, if each
/// falls short of the one before as the third does of the second. None where the cumulants make no law. Cost: that of
/// the third order.
std::optional<double> second_order_error(const Network& network, const LogNormGrowth& first,
                                         const LogNormCumulants& second);

/// The law to use for a network.
struct BestLaw {
  NamedLaw law;
  LawAccuracy accuracy;
  /// As in PredictedSpread.
  std::optional<double> error;
};

/// Of all laws of a network the one that PredictedSpread describes.
BestLaw best_of(const Network& network, const std::vector<NamedLaw>& laws, std::optional<double> finite_width_error);

/// The same of a network. Cost: that of all its laws, and of second_order_error(). Throws as laws() does.
BestLaw best_law(const Network& network, const Input& input);

}  // namespace initlaw
