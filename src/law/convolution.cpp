#include "law/convolution.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <unsupported/Eigen/FFT>

namespace initlaw {
namespace {

Eigen::FFT<double> real_transform() {
  Eigen::FFT<double> transform;
  transform.SetFlag(Eigen::FFT<double>::HalfSpectrum);
  return transform;
}

}  // namespace

Spectrum spectrum(std::vector<double> sequence) {
  // Twice the length, so that no sum comes round to the beginning; a multiple of 4, for which it is fast.
  sequence.resize(std::max<std::size_t>(4, std::bit_ceil(2 * sequence.size())));
  Spectrum result;
  real_transform().fwd(result, sequence);
  return result;
}

std::vector<double> convolution(const Spectrum& f, const Spectrum& g) {
  Spectrum product(f.size());
  std::transform(f.begin(), f.end(), g.begin(), product.begin(), std::multiplies<>());
  std::vector<double> result;
  real_transform().inv(result, product, 2 * (static_cast<Eigen::Index>(f.size()) - 1));
  return result;
}

}  // namespace initlaw
