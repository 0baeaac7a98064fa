#include "law/convolution.hpp"

#include <algorithm>
#include <bit>

namespace initlaw {

// Twice the length, so that no sum comes round to the beginning; a multiple of 4, for which real transforms are fast.
Convolution::Convolution(std::size_t length) : size_(std::max<std::size_t>(4, std::bit_ceil(2 * length))) {
  fft_.SetFlag(Eigen::FFT<double>::HalfSpectrum);
}

Convolution::Spectrum Convolution::spectrum(std::vector<double> sequence) {
  sequence.resize(size_);
  Spectrum result;
  fft_.fwd(result, sequence);
  return result;
}

std::vector<double> Convolution::of(const Spectrum& f, const Spectrum& g) {
  Spectrum product(f.size());
  std::transform(f.begin(), f.end(), g.begin(), product.begin(), std::multiplies<>());
  std::vector<double> result;
  fft_.inv(result, product, static_cast<Eigen::Index>(size_));
  return result;
}

}  // namespace initlaw
