#pragma once

#include <string>

#include "initlaw/compare.hpp"
#include "initlaw/regime.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {

// What texts begin with, lines each.
std::string heading(const Network& network);
std::string heading(const Network& network, const Input& input);
/// With the samples.
std::string heading(const Ensemble& ensemble);

/// What stands behind a figure in a table of several laws': "", " (first order)" or " (roughly)".
const char* mark(LawAccuracy accuracy);
/// What a Kolmogorov-Smirnov distance says of a law, in words.
std::string sentence(const std::string& law, Verdict verdict, double ks);

}  // namespace initlaw
