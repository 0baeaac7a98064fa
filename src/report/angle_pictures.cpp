#include "report/angle_pictures.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numbers>

#include "report/network_pictures.hpp"

namespace initlaw {
namespace {

using Style = Series::Style;

constexpr std::size_t kMostPictures = 6;

double in_degrees(double angle) { return angle * 180 / std::numbers::pi; }

double angle_of_log_tangent(double x) { return 2 * std::atan(std::exp(x)); }

Picture depth_picture(const JointComparison& comparison, std::size_t pair) {
  const JointEnsemble& e = comparison.ensemble;
  const AnglePrediction& prediction = comparison.prediction.pairs[pair];
  const auto [i, j] = prediction.pair;
  const std::vector<std::size_t>& layers = e.options.layers;
  std::vector<Point> simulated, typical, low, high, infinite_width;
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const double l = static_cast<double>(layers[k]);
    const Estimate mean = e.log_tangent[k][pair].mean();
    const double angle = angle_of_log_tangent(mean.value);
    simulated.push_back({l, in_degrees(angle), in_degrees(std::sin(angle) * mean.std_error)});
    if (!prediction.infinite_width.empty()) {
      infinite_width.push_back({l, in_degrees(std::acos(prediction.infinite_width[k]))});
    }
    if (!prediction.law) continue;
    const AnglePrediction::Layer& law = prediction.layers[k];
    typical.push_back({l, in_degrees(angle_of_log_tangent(law.log_tangent.mean))});
    low.push_back({l, in_degrees(law.low)});
    high.push_back({l, in_degrees(law.high)});
  }
  return {
      .name = fmt::format("angle-{}-{}", i, j),
      .caption = fmt::format("The angle of inputs {} and {} by depth, that of the mean of ln tan(θ/2), and the law's "
                             "1% and 99% quantiles.",
                             i, j),
      .x_label = "layer",
      .y_label = "angle (degrees)",
      .log_y = true,
      .series = {{"simulated", Role::kSimulated, Style::kPoints, std::move(simulated)},
                 {"law", Role::kLogGaussian, Style::kLine, std::move(typical)},
                 {"law, 1%", Role::kLogGaussian, Style::kLine, std::move(low), 1},
                 {"law, 99%", Role::kLogGaussian, Style::kLine, std::move(high), 1},
                 {"infinite width", Role::kGaussian, Style::kLine, std::move(infinite_width)}}};
}

Picture last_layer_picture(const JointComparison& comparison, std::size_t pair) {
  const Histogram& histogram = comparison.ensemble.last_log_tangent[pair];
  const AngleLaw& law = *comparison.prediction.pairs[pair].law;
  const auto [i, j] = comparison.prediction.pairs[pair].pair;
  const double low = std::log(std::tan(law.quantile(0.001) / 2));
  const double high = std::log(std::tan(law.quantile(0.999) / 2));
  constexpr int kIntervals = 50;
  std::vector<double> edges;
  std::vector<Point> line;
  for (int k = 0; k <= kIntervals; ++k) {
    edges.push_back(low + (high - low) * k / kIntervals);
    const double angle = angle_of_log_tangent(edges.back());
    line.push_back({edges.back(), law.pdf(angle) * std::sin(angle)});
  }
  return {.name = fmt::format("density-{}-{}", i, j),
          .caption = fmt::format("Density of ln tan(θ/2) of inputs {} and {} in the last layer.", i, j),
          .x_label = "ln tan(θ/2)",
          .y_label = "density",
          .series = {{"simulated", Role::kSimulated, Style::kPoints, density_points(histogram, edges)},
                     {"law", Role::kLogGaussian, Style::kLine, std::move(line)}}};
}

Picture spread_picture(const JointComparison& comparison, std::size_t pairs) {
  const JointEnsemble& e = comparison.ensemble;
  Picture picture{.name = "spread",
                  .caption = "Standard deviation of ln tan(θ/2) by depth. At infinite width it is 0.",
                  .x_label = "layer",
                  .y_label = "spread of ln tan(θ/2)",
                  .series = {}};
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const AnglePrediction& prediction = comparison.prediction.pairs[pair];
    std::vector<Point> simulated, law;
    for (std::size_t k = 0; k < e.options.layers.size(); ++k) {
      const double l = static_cast<double>(e.options.layers[k]);
      const Estimate variance = e.log_tangent[k][pair].variance();
      const double deviation = std::sqrt(variance.value);
      simulated.push_back({l, deviation, variance.std_error / (2 * deviation)});
      if (prediction.law) law.push_back({l, std::sqrt(prediction.layers[k].log_tangent.variance)});
    }
    const std::string name = fmt::format("{}, {}", prediction.pair.first, prediction.pair.second);
    const int variant = static_cast<int>(pair);
    picture.series.push_back({"simulated, " + name, Role::kSimulated, Style::kPoints, std::move(simulated), variant});
    picture.series.push_back({"law, " + name, Role::kLogGaussian, Style::kLine, std::move(law), variant});
  }
  return picture;
}

}  // namespace

std::vector<Picture> angle_pictures(const JointComparison& comparison) {
  std::vector<Picture> pictures;
  const std::size_t pairs = std::min(kMostPictures, comparison.prediction.pairs.size());
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    pictures.push_back(depth_picture(comparison, pair));
    const bool lived = comparison.ensemble.last_log_tangent[pair].count() > 0;
    if (lived && comparison.prediction.pairs[pair].law) pictures.push_back(last_layer_picture(comparison, pair));
  }
  if (pairs > 0) pictures.push_back(spread_picture(comparison, pairs));
  std::erase_if(pictures, [](const Picture& picture) { return !has_points(picture); });
  return pictures;
}

}  // namespace initlaw
