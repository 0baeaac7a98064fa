#include "comparison/joint_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "initlaw/limit.hpp"

namespace initlaw {

JointComparison compare(JointEnsemble ensemble) {
  std::vector<std::vector<double>> infinite_width;
  const auto dot = [](const std::vector<double>& x, const std::vector<double>& y) {
    return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
  };
  const auto& inputs = ensemble.inputs;
  for (std::size_t j = 1; j < inputs.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      const double norms = std::sqrt(dot(inputs[i], inputs[i])) * std::sqrt(dot(inputs[j], inputs[j]));
      auto& rho = infinite_width.emplace_back();
      if (norms > 0)
        rho = infinite_width_correlation(ensemble.network, std::clamp(dot(inputs[i], inputs[j]) / norms, -1.0, 1.0));
    }
  }
  return {std::move(ensemble), std::move(infinite_width)};
}

}  // namespace initlaw
