#pragma once

#include <complex>
#include <vector>

namespace initlaw {

/// The Fourier transform of a sequence among zeros, for convolutions with sequences of the same length.
using Spectrum = std::vector<std::complex<double>>;
Spectrum spectrum(std::vector<double> sequence);

/// sum_j f_j g_{i-j}, i = 0, 1, ..., to at least where all further ones are 0. Cost: O(n log n). Rounding: some 1e-16
/// of the product of the sequences' Euclidean norms.
std::vector<double> convolution(const Spectrum& f, const Spectrum& g);

}  // namespace initlaw
