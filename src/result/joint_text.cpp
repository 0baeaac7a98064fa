#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "result/format.hpp"
#include "result/table.hpp"
#include "result/text.hpp"
#include "result/text_parts.hpp"

namespace initlaw {
namespace {

constexpr std::size_t kMostPairs = 6;

double degrees(double angle) { return angle * 180 / std::numbers::pi; }

/// The angle of this ln tan(theta/2), in degrees.
double typical_angle(double log_tangent) { return degrees(2 * std::atan(std::exp(log_tangent))); }

Estimate typical_angle(const Estimate& log_tangent) {
  const double angle = 2 * std::atan(std::exp(log_tangent.value));
  return {degrees(angle), degrees(std::sin(angle) * log_tangent.std_error)};
}

double deviation(double variance) { return std::sqrt(variance); }

std::string infinite_width(const AnglePrediction& pair, std::size_t k) {
  return pair.infinite_width.empty() ? "-" : format(degrees(std::acos(pair.infinite_width[k])));
}

std::string band(const AnglePrediction::Layer& layer) {
  return fmt::format("{} to {}", format(degrees(layer.low)), format(degrees(layer.high)));
}

/// Which of the layers are shown: of many each twice as deep as the one before.
std::vector<std::size_t> shown(const std::vector<std::size_t>& layers) {
  constexpr std::size_t kMost = 12;
  std::vector<std::size_t> result;
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const bool is_twice = result.empty() || layers[k] >= std::max<std::size_t>(1, 2 * layers[result.back()]);
    if (layers.size() <= kMost || is_twice || k + 1 == layers.size()) result.push_back(k);
  }
  return result;
}

std::string name(const AnglePrediction& pair) { return fmt::format("{}, {}", pair.pair.first, pair.pair.second); }

std::string collapse_sentence(const JointPrediction& prediction, const AnglePrediction& pair) {
  const auto& [i, j] = pair.pair;
  if (!pair.law) return fmt::format("Inputs {} and {}: no law of their angle; {}.", i, j, pair.no_law);
  const std::string angle = fmt::format("{:.3g} degrees", degrees(prediction.collapse_angle));
  if (!pair.collapse_depth) {
    return fmt::format("Inputs {} and {}: in none of the {} layers half of the networks see them closer than {}.", i, j,
                       prediction.network.depth(), angle);
  }
  return fmt::format("Inputs {} and {}: after {} layers half of the networks see them closer than {}.", i, j,
                     *pair.collapse_depth, angle);
}

}  // namespace

std::string to_text(const JointPrediction& prediction) {
  Table table;
  table.add({"pair", "layer", "typical angle", "1% to 99%", "infinite width", "spread"});
  std::string sentences;
  for (std::size_t i = 0; i < std::min(kMostPairs, prediction.pairs.size()); ++i) {
    const AnglePrediction& pair = prediction.pairs[i];
    std::string label = name(pair);
    for (const std::size_t k : shown(prediction.layers)) {
      const bool has_law = pair.law.has_value();
      table.add({std::exchange(label, ""), fmt::format("{}", prediction.layers[k]),
                 has_law ? format(typical_angle(pair.layers[k].log_tangent.mean)) : "-",
                 has_law ? band(pair.layers[k]) : "-", infinite_width(pair, k),
                 has_law ? format(deviation(pair.layers[k].log_tangent.variance)) : "-"});
    }
    sentences += collapse_sentence(prediction, pair) + "\n";
  }
  return heading(prediction.network) + fmt::format("Inputs    {}\n\n", prediction.inputs) + table.text() +
         more_pairs(prediction.pairs.size(), kMostPairs) + "\n" + sentences;
}

std::string to_text(const JointComparison& comparison) {
  const JointEnsemble& e = comparison.ensemble;
  const JointPrediction& prediction = comparison.prediction;
  const std::size_t pairs = std::min(kMostPairs, e.options.pairs.size());
  std::string text = heading(e);
  Table growth;
  growth.add({"input", "mean of G", "variance of G"});
  for (std::size_t i = 0; i < std::min(kMostPairs, e.growth.size()); ++i) {
    growth.add({fmt::format("{}", i), format(e.growth[i].mean()), format(e.growth[i].variance())});
  }
  text += fmt::format("\n{}", growth.text());
  if (pairs == 0) return text;
  Table table;
  table.add({"pair", "layer", "typical angle", "law", "infinite width", "spread", "law", "law's 1% to 99%"});
  for (std::size_t i = 0; i < pairs; ++i) {
    const AnglePrediction& pair = prediction.pairs[i];
    std::string label = name(pair);
    for (const std::size_t k : shown(prediction.layers)) {
      const Moments& found = e.log_tangent[k][i];
      // Means over the others alone would mislead.
      const bool mostly_seen = static_cast<double>(found.count()) > 0.99 * static_cast<double>(e.cosine[k][i].count());
      const bool has_law = pair.law.has_value();
      table.add({std::exchange(label, ""), fmt::format("{}", prediction.layers[k]),
                 mostly_seen ? format(typical_angle(found.mean())) : "-",
                 has_law ? format(typical_angle(pair.layers[k].log_tangent.mean)) : "-", infinite_width(pair, k),
                 mostly_seen ? format(deviation(found.variance())) : "-",
                 has_law ? format(deviation(pair.layers[k].log_tangent.variance)) : "-",
                 has_law ? band(pair.layers[k]) : "-"});
    }
    const std::uint64_t collapsed = e.cosine.back()[i].count() - e.log_tangent.back()[i].count();
    if (collapsed > 0) table.add({"", "collapsed networks", fmt::format("{}", collapsed)});
    table.add({"", "kernel of outputs", format(e.output_covariance[i].mean()), "",
               pair.infinite_width.empty() ? "-" : format(pair.infinite_width.back())});
  }
  text += fmt::format("\n{}{}\n", table.text(), more_pairs(e.options.pairs.size(), kMostPairs));
  for (std::size_t i = 0; i < pairs; ++i) {
    text += collapse_sentence(prediction, prediction.pairs[i]) + "\n";
    if (const auto& fit = comparison.fits[i])
      text += "  " + sentence("The law of their angle", fit->verdict, fit->distance.ks) + "\n";
  }
  return text;
}

}  // namespace initlaw
