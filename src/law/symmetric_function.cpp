#include "law/symmetric_function.hpp"

namespace initlaw {
namespace {

constexpr std::size_t kAll = SymmetricFunction::kAll;
constexpr std::size_t kSources = SymmetricFunction::kSources;

double dot(const NeuronBasis::Vector& a, const NeuronBasis::Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < kAll; ++i) sum += a[i] * b[i];
  return sum;
}

double dot_sources(const NeuronBasis::Vector& c, const std::array<double, kSources>& of_sources) {
  double sum = 0;
  for (std::size_t i = 0; i < kSources; ++i) sum += c[i] * of_sources[i];
  return sum;
}

}  // namespace

WidthSeries operator*(const WidthSeries& a, const WidthSeries& b) {
  WidthSeries product{};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; i + j < 4; ++j) product[i + j] += a[i] * b[j];
  }
  return product;
}

WidthSeries log(const WidthSeries& a) {
  return {0, a[1], a[2] - a[1] * a[1] / 2, a[3] - a[1] * a[2] + a[1] * a[1] * a[1] / 3};
}

WidthSeries reciprocal(const WidthSeries& a) {
  const double a2 = a[1] * a[1];
  return {1, -a[1], a2 - a[2], 2 * a[1] * a[2] - a[3] - a2 * a[1]};
}

LayerNorm::LayerNorm(double b) {
  const NeuronBasis& basis = NeuronBasis::get();
  for (std::size_t i = 0; i < kAll; ++i) {
    mean_[i] = basis.square[i] + b * basis.f[i];
    for (std::size_t j = 0; j < kAll; ++j) matrix_[i][j] = basis.times_square[i][j] + b * basis.times_f[i][j];
  }
}

// docs/finite-width-law.md, eq. (4): a neuron is added, one of those there is multiplied, or one is averaged over.
SymmetricFunction operator*(const LayerNorm& eta, const SymmetricFunction& psi) {
  const NeuronBasis::Vector& c = eta.mean();
  const NeuronBasis::Matrix& M = eta.matrix();
  SymmetricFunction result;
  for (std::size_t g = 1; g < 4; ++g) result.none[g] = dot(c, psi.one[g - 1]);

  for (std::size_t g = 0; g < 3; ++g) add(result.one[g], psi.none[g], c);
  for (std::size_t i = 0; i < kAll; ++i) {
    // M is symmetric, and so are the functions of several neurons: sums run over whole rows.
    for (std::size_t g = 1; g < 3; ++g) add(result.one[g], psi.one[g - 1][i], M[i]);
    result.one[2][i] += dot_sources(c, psi.two_next[i]);
    if (i >= kSources) continue;
    const double of_two = dot_sources(c, psi.two[i]);
    result.one[1][i] += of_two;
    result.one[2][i] -= of_two;
  }

  std::array<std::array<double, kSources>, kAll> multiplied{};
  for (std::size_t i = 0; i < kAll; ++i) {
    for (std::size_t k = 0; k < kSources; ++k) add(multiplied[i], M[i][k], psi.two[k]);
  }
  result.two_next = multiplied;
  for (std::size_t i = 0; i < kAll; ++i) {
    for (std::size_t j = 0; j < kSources; ++j) {
      result.two_next[i][j] += c[i] * psi.one[1][j] + c[j] * psi.one[1][i];
      if (i >= kSources) continue;
      result.two_next[i][j] += multiplied[j][i];
      add(result.two_next[i], c[j], psi.three[j][i]);
      result.two[i][j] = c[i] * psi.one[0][j] + c[j] * psi.one[0][i];
      for (std::size_t k = 0; k < kSources; ++k) {
        result.three[i][j][k] = c[i] * psi.two[j][k] + c[j] * psi.two[i][k] + c[k] * psi.two[i][j];
      }
    }
  }
  return result;
}

void add(SymmetricFunction& sum, double factor, const SymmetricFunction& term) {
  add(sum.none, factor, term.none);
  add(sum.one, factor, term.one);
  add(sum.two, factor, term.two);
  add(sum.two_next, factor, term.two_next);
  add(sum.three, factor, term.three);
}

SymmetricFunction operator*(const WidthSeries& factor, const SymmetricFunction& psi) {
  SymmetricFunction result;
  add(result, psi, [&](std::size_t, std::size_t power) { return factor[power]; });
  return result;
}

WidthSeries inner_product(const SymmetricFunction& psi, const SymmetricFunction& chi) {
  WidthSeries result = psi.none * chi.none;
  for (std::size_t g = 0; g < 3; ++g) {
    for (std::size_t h = 0; g + h < 3; ++h) result[1 + g + h] += dot(psi.one[g], chi.one[h]);
  }
  double two = 0;
  double two_next = 0;
  double three = 0;
  for (std::size_t i = 0; i < kSources; ++i) {
    for (std::size_t j = 0; j < kSources; ++j) {
      two += psi.two[i][j] * chi.two[i][j];
      two_next += psi.two_next[i][j] * chi.two[i][j] + psi.two[i][j] * chi.two_next[i][j];
      for (std::size_t k = 0; k < kSources; ++k) three += psi.three[i][j][k] * chi.three[i][j][k];
    }
  }
  // Of r neurons there are n (n - 1) ... (n - r + 1)/r! sets.
  result[2] += two / 2;
  result[3] += (two_next - two) / 2 + three / 6;
  return result;
}

}  // namespace initlaw
