#pragma once

#include <optional>
#include <vector>

#include "initlaw/finite_width.hpp"
#include "initlaw/limit.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {

/// log_norm_cumulants() at first order: the growth in the log-Gaussian limit.
LogNormCumulants first_order(const LogNormGrowth& growth);

/// log_norm_cumulants_by_layer() at second order of a growth that is known, that of the log-Gaussian limit.
std::vector<LogNormCumulants> with_second_order(const Network& network, const std::vector<LogNormGrowth>& growth);

/// log_norm_cumulants() at third order of those at second.
LogNormCumulants with_third_order(const Network& network, const LogNormCumulants& second);

/// The law of Pearson's type III with these cumulants, if there is one, whatever it says of the outputs' moments.
std::optional<Law> law_of_shape(const Network& network, const Input& input, const LogNormCumulants& growth);

/// finite_width() of cumulants that are known, or nothing if has_finite_width_law() would be false.
std::optional<Law> finite_width_law(const Network& network, const Input& input, const LogNormCumulants& growth);

/// layer_activity() of layer sums that are known.
std::vector<LayerActivity> layer_activity(const Network& network, const LayerSums& sums);

}  // namespace initlaw
