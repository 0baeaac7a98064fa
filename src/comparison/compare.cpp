#include "initlaw/compare.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/math/interpolators/cardinal_quintic_b_spline.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "comparison/verdict.hpp"
#include "statistics/distances.hpp"

namespace initlaw {
namespace {

TabulatedCdf tabulate(const Law& law) {
  constexpr double kTail = 1e-12;
  return {law.quantile(kTail), law.inverse_survival(kTail), [&](double x) { return law.cdf(x); },
          [&](double x) { return law.pdf(x); }};
}

double z_score(const Estimate& estimate, double expected) { return (estimate.value - expected) / estimate.std_error; }

Distance distance_of_log_norm(const Ensemble& ensemble, const Law& law) {
  const TabulatedCdf cdf = tabulate(law);
  const Histogram& histogram = *ensemble.log_output_norm2_histogram;
  const Estimate ks = kolmogorov_smirnov(histogram, [&](double x) { return law.cdf(x); });
  return {.ks = ks.value,
          .ks_std_error = ks.std_error,
          .wasserstein1 = area_between(histogram, cdf, [](double) { return 1.0; }),
          .mean_z = z_score(ensemble.log_output_norm2.mean(), law.mean()),
          .variance_ratio = ensemble.log_output_norm2.variance().value / law.variance()};
}

// In terms of x = ln z^2, and by the symmetry of z: F_Z(z) = 1/2 + F_X(x)/2 for z > 0, and |dz| = e^{x/2} dx/2 on each
// of the two sides.
Distance distance_of_output(const Ensemble& ensemble, const Law& law) {
  const OutputLaw output = law.output();
  const TabulatedCdf cdf = tabulate(output.log_square());
  const Histogram& histogram = *ensemble.log_output_square_histogram;
  const double log_unit = ensemble.log_output_unit;
  // Of the living, as the samples are: the law's second moment counts the dead as 0.
  const double log_variance = law.log_second_moment() - std::log1p(-law.dead_probability()) - 2 * log_unit;
  const Estimate ks = kolmogorov_smirnov(histogram, cdf);
  return {.ks = ks.value / 2,
          .ks_std_error = ks.std_error / 2,
          .wasserstein1 = area_between(histogram, cdf, [&](double x) { return std::exp(x / 2 - log_unit) / 2; }),
          .mean_z = z_score(ensemble.output.mean(), 0),
          .variance_ratio = ensemble.output.variance().value * std::exp(-log_variance)};
}

void require_comparable(const Ensemble& ensemble, const Law& law) {
  if (!ensemble.log_output_norm2_histogram || !ensemble.log_output_square_histogram) {
    throw std::invalid_argument(
        fmt::format("ensemble: none of its {} networks lived; there is nothing to compare", ensemble.samples));
  }
  if (law.outputs() != ensemble.network.outputs()) {
    throw std::invalid_argument(fmt::format("law: it is for {} outputs, the ensemble's network has {}", law.outputs(),
                                            ensemble.network.outputs()));
  }
}

}  // namespace

Estimate kolmogorov_smirnov(const Ensemble& ensemble, const Law& law) {
  require_comparable(ensemble, law);
  // A quarter of a standard deviation between the nodes of a quintic spline, and beyond them the law.
  constexpr std::size_t kNodes = 41;
  const double deviation = std::sqrt(law.variance());
  const double low = law.mean() - 5 * deviation;
  const double step = 10 * deviation / (kNodes - 1);
  std::vector<double> F(kNodes);
  for (std::size_t i = 0; i < kNodes; ++i) F[i] = law.cdf(low + static_cast<double>(i) * step);
  const boost::math::interpolators::cardinal_quintic_b_spline<double> spline(F, low, step);
  return kolmogorov_smirnov(*ensemble.log_output_norm2_histogram, [&](double x) {
    return x > low && x < low + (kNodes - 1) * step ? spline(x) : law.cdf(x);
  });
}

Fit compare(const Ensemble& ensemble, const Law& law) {
  require_comparable(ensemble, law);
  Fit fit{distance_of_log_norm(ensemble, law), distance_of_output(ensemble, law), Verdict::kFails};
  fit.verdict = verdict_on(fit.log_output_norm2.ks, ensemble.log_output_norm2_histogram->count());
  return fit;
}

Distance compare(const Gradients& gradients, const GradientLaw& law) {
  constexpr double kReach = 11;
  const double deviation = std::sqrt(law.variance());
  const TabulatedCdf cdf(
      law.mean() - kReach * deviation, law.mean() + kReach * deviation, [&](double x) { return law.cdf(x); },
      [&](double x) { return law.pdf(x); });
  const Histogram& histogram = gradients.growth_histogram;
  const Estimate ks = kolmogorov_smirnov(histogram, cdf);
  return {.ks = ks.value,
          .ks_std_error = ks.std_error,
          .wasserstein1 = area_between(histogram, cdf, [](double) { return 1.0; }),
          .mean_z = z_score(gradients.growth.mean(), law.mean()),
          .variance_ratio = gradients.growth.variance().value / law.variance()};
}

Distance compare(const JointEnsemble& ensemble, std::size_t pair, const AngleLaw& law) {
  if (pair >= ensemble.last_log_tangent.size()) {
    throw std::invalid_argument(
        fmt::format("pair: {} is out of range; there are {}", pair, ensemble.last_log_tangent.size()));
  }
  const Histogram& histogram = ensemble.last_log_tangent[pair];
  if (histogram.count() == 0) {
    throw std::invalid_argument(fmt::format(
        "ensemble: both inputs lived in none of its {} networks; there is nothing to compare", ensemble.samples));
  }
  const auto angle = [](double log_tangent) { return 2 * std::atan(std::exp(log_tangent)); };
  // Beyond these bounds the histogram has all in its outermost bins.
  const auto cdf = [&](double x) {
    if (x <= -kLargestLogTangent) return 0.0;
    return x >= kLargestLogTangent ? 1.0 : law.cdf(angle(x));
  };
  const auto pdf = [&](double x) { return law.pdf(angle(x)) * std::sin(angle(x)); };
  constexpr double kTail = 1e-12;
  const auto end = [&](double p) {
    return std::clamp(std::log(std::tan(law.quantile(p) / 2)), -kLargestLogTangent, kLargestLogTangent);
  };
  const TabulatedCdf tabulated(end(kTail), end(1 - kTail), cdf, pdf);
  const Moments& found = ensemble.log_tangent.back()[pair];
  const Estimate ks = kolmogorov_smirnov(histogram, cdf);
  return {.ks = ks.value,
          .ks_std_error = ks.std_error,
          .wasserstein1 = area_between(histogram, tabulated, [](double) { return 1.0; }),
          .mean_z = z_score(found.mean(), law.log_tangent().mean),
          .variance_ratio = found.variance().value / law.log_tangent().variance};
}

}  // namespace initlaw
