#include "report/network_pictures.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "network/network_scales.hpp"
#include "statistics/density.hpp"

namespace initlaw {
namespace {

using Style = Series::Style;

std::vector<double> equidistant(double low, double high, std::size_t intervals) {
  std::vector<double> values;
  for (std::size_t i = 0; i <= intervals; ++i) {
    values.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(intervals));
  }
  return values;
}

/// The indices 0 <= i < count, or about `most` of them if there are more.
std::vector<std::size_t> thinned(std::size_t count, std::size_t most) {
  const std::size_t step = std::max<std::size_t>(1, count / most);
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < count; i += step) indices.push_back(i);
  return indices;
}

Picture density_picture(const std::vector<NamedLaw>& laws, const Histogram& histogram) {
  double low = histogram.quantile(0.002).value;
  double high = histogram.quantile(0.998).value;
  for (const auto& [kind, law] : laws) {
    low = std::min(low, law.quantile(0.002));
    high = std::max(high, law.quantile(0.998));
  }
  Picture picture{.name = "density",
                  .caption = "Density of ln‖z_out‖².",
                  .x_label = "ln‖z_out‖²",
                  .y_label = "density",
                  .series = {{"simulated", Role::kSimulated, Style::kPoints,
                              density_points(histogram, equidistant(low, high, 60))}}};
  for (const auto& [kind, law] : laws) {
    picture.series.push_back({std::string(kind.name), role_of(kind), Style::kLine, density(law, low, high)});
  }
  return picture;
}

Picture quantile_picture(const std::vector<NamedLaw>& laws, const Histogram& histogram) {
  Picture picture{.name = "quantiles",
                  .caption =
                      "Quantiles of ln‖z_out‖²: simulated, against those of a law. A law that holds is on the "
                      "diagonal.",
                  .x_label = "quantile of the law",
                  .y_label = "simulated quantile",
                  .series = {}};
  for (const auto& [kind, law] : laws) {
    std::vector<Point> points;
    for (const double normal : equidistant(-3.6, 3.6, 36)) {
      const double p = 0.5 * std::erfc(-normal / std::sqrt(2.0));
      const auto [value, error] = histogram.quantile(p);
      if (std::isfinite(error)) points.push_back({law.quantile(p), value, error});
    }
    picture.series.push_back({std::string(kind.name), role_of(kind), Style::kPoints, std::move(points)});
  }
  const double low = histogram.quantile(0.0002).value;
  const double high = histogram.quantile(0.9998).value;
  picture.series.push_back({"equal", Role::kSimulated, Style::kLine, {{low, low}, {high, high}}, 1});
  return picture;
}

/// The density of |z| is twice that of z, which is symmetric, and follows from that of ln z^2. Units are kept as
/// logarithms, since a deep network's may be beyond a double.
Picture output_picture(const std::vector<NamedLaw>& laws, const Ensemble& ensemble) {
  const Histogram& histogram = *ensemble.log_output_square_histogram;
  const double log_unit = ensemble.log_output_unit;
  const double largest = std::exp(std::clamp(0.5 * histogram.quantile(0.9997).value - log_unit, std::log(4), 300.0));
  std::vector<double> edges = equidistant(0, largest, 45);
  edges[0] = 1e-9 * largest;  // has a logarithm, and as good as nothing below
  std::vector<double> log_squares;
  log_squares.reserve(edges.size());
  for (const double edge : edges) log_squares.push_back(2 * (std::log(edge) + log_unit));
  std::vector<Point> points = density_points(histogram, log_squares);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double width = edges[i + 1] - edges[i];
    const double log_width = log_squares[i + 1] - log_squares[i];
    points[i] = {0.5 * (edges[i] + edges[i + 1]), points[i].y * log_width / width / 2,
                 points[i].error * log_width / width / 2};
  }
  Picture picture{.name = "output",
                  .caption =
                      "Density of one output z, in units of its standard deviation in the Gaussian limit; it is "
                      "symmetric.",
                  .x_label = "z",
                  .y_label = "density",
                  .log_y = true,
                  .series = {{"simulated", Role::kSimulated, Style::kPoints, std::move(points)}}};
  const double smallest = std::max(1e-9, 0.2 / static_cast<double>(ensemble.samples));
  for (const auto& [kind, law] : laws) {
    const Law log_square = law.output().log_square();
    std::vector<Point> line;
    for (const double z : equidistant(largest / 400, largest, 399)) {
      const double pdf = log_square.pdf(2 * (std::log(z) + log_unit)) / z;
      if (pdf > smallest) line.push_back({z, pdf});
    }
    picture.series.push_back({std::string(kind.name), role_of(kind), Style::kLine, std::move(line)});
  }
  return picture;
}

using ByLayer = std::function<double(std::size_t)>;

/// A statistic of the layers: simulated, and predicted at finite width (if that is not null) and by either limit.
Picture layer_picture(std::string name, std::string caption, std::string y_label, std::size_t layers,
                      const std::function<Estimate(std::size_t)>& simulated, const ByLayer& finite_width,
                      const ByLayer& log_gaussian, const ByLayer& gaussian) {
  std::vector<Point> points;
  for (const std::size_t l : thinned(layers, 40)) {
    points.push_back({static_cast<double>(l), simulated(l).value, simulated(l).std_error});
  }
  const auto line = [&](const ByLayer& value) {
    std::vector<Point> result;
    for (const std::size_t l : thinned(layers, 2000)) result.push_back({static_cast<double>(l), value(l)});
    return result;
  };
  return {.name = std::move(name),
          .caption = std::move(caption),
          .x_label = "layer",
          .y_label = std::move(y_label),
          .series = {{"simulated", Role::kSimulated, Style::kPoints, std::move(points)},
                     {"finite-width law", Role::kFiniteWidth, Style::kLine,
                      finite_width ? line(finite_width) : std::vector<Point>{}},
                     {"log-Gaussian limit", Role::kLogGaussian, Style::kLine, line(log_gaussian)},
                     {"Gaussian limit", Role::kGaussian, Style::kLine, line(gaussian)}}};
}

Picture covariance_picture(const Prediction& prediction, const Ensemble& ensemble) {
  std::vector<Point> simulated;
  std::vector<Point> predicted;
  std::vector<Point> none;
  for (const auto& [lag, covariance] : ensemble.interlayer_covariance) {
    if (lag > 0) simulated.push_back({static_cast<double>(lag), covariance.value, covariance.std_error});
  }
  for (const auto& [lag, covariance] : prediction.interlayer_covariance) {
    if (lag == 0) continue;
    predicted.push_back({static_cast<double>(lag), covariance});
    none.push_back({static_cast<double>(lag), 0});
  }
  return {.name = "covariance",
          .caption = "Covariance of two layers' S, n Cov(S_m, S_l), against their distance l - m.",
          .x_label = "lag l - m",
          .y_label = "n Cov(S_m, S_l)",
          .log_x = true,
          .series = {{"simulated", Role::kSimulated, Style::kPoints, std::move(simulated)},
                     {"log-Gaussian limit", Role::kLogGaussian, Style::kLine, std::move(predicted)},
                     {"Gaussian limit", Role::kGaussian, Style::kLine, std::move(none)}}};
}

Picture gradient_picture(const GradientLaw& law, const Gradients& gradients) {
  const Histogram& histogram = gradients.growth_histogram;
  const double reach = 3.5 * std::sqrt(law.variance());
  const double low = std::min(histogram.quantile(0.002).value, law.mean() - reach);
  const double high = std::max(histogram.quantile(0.998).value, law.mean() + reach);
  std::vector<Point> line;
  for (const double x : equidistant(low, high, 300)) line.push_back({x, law.pdf(x)});
  return {
      .name = "gradient",
      .caption = "Density of the growth of gradients, ln‖∂f/∂z_0‖² - ln‖∂f/∂z_d‖².",
      .x_label = "ln‖∂f/∂z_0‖² - ln‖∂f/∂z_d‖²",
      .y_label = "density",
      .series = {{"simulated", Role::kSimulated, Style::kPoints, density_points(histogram, equidistant(low, high, 60))},
                 {"limit of depth and width", Role::kLogGaussian, Style::kLine, std::move(line)}}};
}

/// A statistic of ln‖∂f/∂z_l‖².
Picture gradient_layer_picture(std::string name, const std::string& statistic,
                               const std::vector<LayerGradient>& simulated, Estimate LayerGradient::*found,
                               const std::vector<GradientNorm>& predicted, double GradientNorm::*law) {
  std::vector<Point> points;
  for (const std::size_t l : thinned(simulated.size(), 40)) {
    points.push_back({static_cast<double>(l), (simulated[l].*found).value, (simulated[l].*found).std_error});
  }
  std::vector<Point> line;
  line.reserve(predicted.size());
  for (const GradientNorm& norm : predicted) line.push_back({static_cast<double>(norm.layer), norm.*law});
  return {.name = std::move(name),
          .caption = statistic + " of the gradient's log-norm by layer, ln‖∂f/∂z_l‖². Gradients go from right to left.",
          .x_label = "layer",
          .y_label = statistic + " of ln‖∂f/∂z_l‖²",
          .series = {{"simulated", Role::kSimulated, Style::kPoints, std::move(points)},
                     {"limit of depth and width", Role::kLogGaussian, Style::kLine, std::move(line)}}};
}

}  // namespace

std::vector<Point> density_points(const Histogram& histogram, const std::vector<double>& edges) {
  const std::vector<Estimate> densities = density(histogram, edges);
  std::vector<Point> points;
  for (std::size_t i = 0; i < densities.size(); ++i) {
    points.push_back({0.5 * (edges[i] + edges[i + 1]), densities[i].value, densities[i].std_error});
  }
  return points;
}

std::vector<Point> density(const Law& law, double low, double high) {
  std::vector<Point> points;
  for (const double x : equidistant(low, high, 300)) points.push_back({x, law.pdf(x)});
  return points;
}

std::vector<Picture> network_pictures(const Comparison& comparison) {
  const Prediction& prediction = comparison.prediction();
  const Ensemble& ensemble = comparison.ensemble();
  const Network& network = ensemble.network;
  const std::size_t d = network.depth();
  const NetworkScales scales(network, ensemble.input);
  const double log_input = ensemble.input.log_mean_square(network);
  const auto growth_mean = [&](std::size_t l) -> Estimate {
    const auto [value, error] = ensemble.layers[l].log_norm2_mean;
    return {value - log_input - std::log(static_cast<double>(network.width(l))), error};
  };
  const auto zero = [](std::size_t) { return 0.0; };
  const auto if_known = [&](const ByLayer& finite_width) {
    return prediction.finite_width.empty() ? ByLayer() : finite_width;
  };
  std::vector<Picture> pictures{
      density_picture(prediction.laws, *ensemble.log_output_norm2_histogram),
      quantile_picture(prediction.laws, *ensemble.log_output_norm2_histogram),
      output_picture(prediction.laws, ensemble),
      layer_picture(
          "hypoactivation",
          network.has_standard_architecture() ? "Hypoactivation by layer: n E[S_l], S_l = ‖phi(z_l)‖²/‖z_l‖² - 1. "
                                                "Below 0, fewer than half of the ReLUs "
                                                "are active."
                                              : "How much more the activation of layer l + 1 passes than its mean: n "
                                                "E[S_l], S_l = ‖phi(u)‖²/‖u‖² - 1 of "
                                                "the u that it sees.",
          "n E[S_l]", d, [&](std::size_t l) { return ensemble.hypoactivation(l); },
          if_known([&](std::size_t l) { return prediction.activity[l].hypoactivation; }),
          [&](std::size_t l) { return prediction.hypoactivation[l]; }, zero),
      layer_picture(
          "growth-mean", "Mean of the log-norm by depth, relative to the input: ln(‖z_l‖²/n) - ln(‖x‖²/n_in).",
          "mean log-norm", d, growth_mean, if_known([&](std::size_t l) { return prediction.finite_width[l].mean; }),
          [&](std::size_t l) { return prediction.growth[l].mean; },
          [&](std::size_t l) { return scales.log_growth(l); }),
      layer_picture(
          "growth-variance", "Variance of the log-norm by depth.", "variance of the log-norm", d,
          [&](std::size_t l) { return ensemble.layers[l].log_norm2_variance; },
          if_known([&](std::size_t l) { return prediction.finite_width[l].variance; }),
          [&](std::size_t l) { return prediction.growth[l].variance; }, zero),
  };
  pictures.push_back(covariance_picture(prediction, ensemble));
  if (const GradientLaw* law = comparison.gradient_law()) {
    const Gradients& gradients = *ensemble.gradients;
    const std::vector<GradientNorm>& norms = prediction.gradient_norms.at(*ensemble.options.gradients);
    pictures.push_back(gradient_picture(*law, gradients));
    pictures.push_back(gradient_layer_picture("gradient-mean", "Mean", gradients.layers, &LayerGradient::log_norm2_mean,
                                              norms, &GradientNorm::mean));
    pictures.push_back(gradient_layer_picture("gradient-variance", "Variance", gradients.layers,
                                              &LayerGradient::log_norm2_variance, norms, &GradientNorm::variance));
  }
  std::erase_if(pictures, [](const Picture& picture) { return !has_points(picture); });
  return pictures;
}

}  // namespace initlaw
