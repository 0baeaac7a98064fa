#include "comparison/joint_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "initlaw/limit.hpp"

namespace initlaw {

namespace {

double dot(const std::vector<double>& x, const std::vector<double>& y) {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
}

/// The input with norm 1, or 0. It is first brought to order 1, since its square may leave a double's range.
std::vector<double> direction(std::vector<double> x) {
  double largest = 0;
  for (const double component : x) largest = std::max(largest, std::abs(component));
  if (largest == 0) return x;
  for (double& component : x) component /= largest;
  const double norm = std::sqrt(dot(x, x));
  for (double& component : x) component /= norm;
  return x;
}

}  // namespace

JointComparison compare(JointEnsemble ensemble) {
  std::vector<std::vector<double>> directions;
  for (const std::vector<double>& input : ensemble.inputs) directions.push_back(direction(input));
  std::vector<std::vector<double>> infinite_width;
  for (const auto& [i, j] : ensemble.options.pairs) {
    auto& rho = infinite_width.emplace_back();
    const bool none = dot(directions[i], directions[i]) == 0 || dot(directions[j], directions[j]) == 0;
    if (none) continue;
    rho = infinite_width_correlation(ensemble.network, std::clamp(dot(directions[i], directions[j]), -1.0, 1.0));
  }
  return {std::move(ensemble), std::move(infinite_width)};
}

}  // namespace initlaw
