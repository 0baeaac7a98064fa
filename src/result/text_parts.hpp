#pragma once

#include <string>

#include "initlaw/compare.hpp"
#include "initlaw/regime.hpp"
#include "initlaw/several_inputs.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/tangent_kernel.hpp"

namespace initlaw {

// What texts begin with, lines each.
std::string heading(const Network& network);
std::string heading(const Network& network, const Input& input);
/// With the samples.
std::string heading(const Ensemble& ensemble);
/// Of several inputs.
std::string heading(const JointEnsemble& ensemble);
std::string heading(const TangentKernelEnsemble& ensemble);
/// The line after the first of so many pairs, "" after all of them.
std::string more_pairs(std::size_t pairs, std::size_t shown);
/// The standard deviation of a variance.
Estimate deviation(const Estimate& variance);

/// What stands behind a figure in a table of several laws': "", " (first order)" or " (roughly)".
const char* mark(LawAccuracy accuracy);
/// What a Kolmogorov-Smirnov distance says of a law, in words.
std::string sentence(const std::string& law, Verdict verdict, double ks);

}  // namespace initlaw
