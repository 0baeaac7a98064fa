#pragma once

#include "reproduction/claim.hpp"

namespace initlaw {

/// What all claims are examined with.
struct Setting {
  Input input;
  /// Random numbers that one experiment may take: samples times width times depth.
  double effort;
  /// Other seeds, other samples.
  std::uint64_t seed = 1;
};

// The claims of Li, Nica, Roy (2021), and what goes beyond them; docs/reproduction.md.
Claim fully_connected_claim(const Setting& setting);
Claim convergence_claim(const Setting& setting);
Claim standard_sizes_claim(const Setting& setting);
Claim collapse_claim(const Setting& setting);
Claim hypoactivation_claim(const Setting& setting);
Claim interlayer_covariance_claim(const Setting& setting);
Claim balanced_claim(const Setting& setting);
Claim beyond_claim(const Setting& setting);
Claim gradients_claim(const Setting& setting);
Claim finite_width_claim(const Setting& setting);
Claim architectures_claim(const Setting& setting);
Claim angles_claim(const Setting& setting);

/// All of them, in the order of their numbers.
std::vector<Claim> paper_claims(const Setting& setting);

}  // namespace initlaw
