#include "reproduction/claims/claims.hpp"

namespace initlaw {

std::vector<Claim> paper_claims(const Setting& setting) {
  return {fully_connected_claim(setting), convergence_claim(setting),    standard_sizes_claim(setting),
          collapse_claim(setting),        hypoactivation_claim(setting), interlayer_covariance_claim(setting),
          balanced_claim(setting),        beyond_claim(setting),         gradients_claim(setting),
          finite_width_claim(setting),    architectures_claim(setting),  angles_claim(setting)};
}

}  // namespace initlaw
