#pragma once

#include <complex>
#include <unsupported/Eigen/FFT>
#include <vector>

namespace initlaw {

/// Convolutions of sequences of one length, by fast Fourier transforms. Rounding: some 1e-16 of the product of the
/// sequences' Euclidean norms.
class Convolution {
 public:
  explicit Convolution(std::size_t length);

  using Spectrum = std::vector<std::complex<double>>;
  Spectrum spectrum(std::vector<double> sequence);
  /// sum_j f_j g_{i-j} for i = 0, ..., size() - 1, beyond which all are 0.
  std::vector<double> of(const Spectrum& f, const Spectrum& g);

  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
  Eigen::FFT<double> fft_;
};

}  // namespace initlaw
