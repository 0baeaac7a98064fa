#include <fmt/core.h>

#include <cmath>
#include <functional>
#include <iterator>
#include <map>

#include "reproduction/claims/building_blocks.hpp"
#include "reproduction/extrapolation.hpp"

namespace initlaw {
namespace {

/// A family of networks, one for each width.
struct AngleVariant {
  std::string name;
  std::function<Network(std::size_t width)> of_width;
};

constexpr double kCosine = 0.5;
constexpr std::size_t kShallow = 10;
/// Networks of one width, simulated often enough to see what layers' memory does.
constexpr double kLeastAngleSamples = 20'000;
constexpr double kLargestAngleKs = 0.015;
/// By which the covariance with G may be off at width 100.
constexpr double kLargestShare = 0.1;

Network residual_net(double alpha2, std::size_t width, std::size_t depth, std::size_t branch_depth = 1) {
  return vanilla({.width = width,
                  .depth = depth,
                  .alpha = std::sqrt(alpha2),
                  .lambda = std::sqrt(1 - alpha2),
                  .inputs = 2,
                  .branch_depth = branch_depth});
}

Network fully_connected_net(std::size_t width, std::size_t depth) {
  return fully_connected({.width = width, .depth = depth, .inputs = 2});
}

/// A Balanced net, and the fully connected one of the same law in the limit.
constexpr const char* kBalanced = "Balanced, d = n/2";
constexpr const char* kTwin = "fully connected, d = n/4";

std::vector<AngleVariant> deep_variants() {
  return {{"alpha² = 0.5, d = n/2", [](std::size_t n) { return residual_net(0.5, n, n / 2); }},
          {"alpha² = 0.3, d = n/2", [](std::size_t n) { return residual_net(0.3, n, n / 2); }},
          {kBalanced, [](std::size_t n) { return residual_net(0.5, n, n / 2).with_flip(0.5); }},
          {"fully connected, d = n/2", [](std::size_t n) { return fully_connected_net(n, n / 2); }},
          {"two-layer branches, d = n/2", [](std::size_t n) { return residual_net(0.5, n, n / 2, 2); }},
          {kTwin, [](std::size_t n) { return fully_connected_net(n, n / 4); }}};
}

/// Of one width alone.
std::vector<AngleVariant> single_variants() {
  return {{"alpha² = 0.5, 100 x 100", [](std::size_t) { return residual_net(0.5, 100, 100); }},
          {"fully connected, 64 x 50", [](std::size_t) { return fully_connected_net(64, 50); }}};
}

std::vector<AngleVariant> shallow_variants() {
  return {{"alpha² = 0.5, depth 10", [](std::size_t n) { return residual_net(0.5, n, kShallow); }},
          {"fully connected, depth 10", [](std::size_t n) { return fully_connected_net(n, kShallow); }}};
}

/// Nets of one width without memory between layers: fully connected ones, or Balanced ones if alpha2 > 0.
struct MemorylessNets {
  const char* name;
  std::size_t width;
  double alpha2;

  /// That of the angles, in the limit, of a fully connected one with this d/n.
  Network of_ratio(double ratio) const {
    const double fully_connected_depth = std::round(ratio * static_cast<double>(width));
    const auto depth = static_cast<std::size_t>(std::lround(fully_connected_depth / (1 - alpha2)));
    return alpha2 == 0 ? fully_connected_net(width, depth) : residual_net(alpha2, width, depth).with_flip(0.5);
  }
};

/// Those of a picture, some networks of each.
constexpr MemorylessNets kMemoryless[] = {{"α² = 0, n = 100", 100, 0},
                                          {"α² = 1/2, n = 100", 100, 0.5},
                                          {"α² = 0, n = 50", 50, 0},
                                          {"α² = 3/4, n = 50", 50, 0.75}};
constexpr std::size_t kEach = 4;
/// A picture shows no more.
constexpr double kMostSamples = 1000;

/// From 1/8 for share = 0 to 2 for share = 1.
double ratio_of(double share) { return 0.125 * std::pow(16, share); }

/// The i-th of each kind lies between those of the others.
Network memoryless_net(std::size_t kind, std::size_t i) {
  constexpr std::size_t kKinds = std::size(kMemoryless);
  return kMemoryless[kind].of_ratio(ratio_of(static_cast<double>(i * kKinds + kind) / (kEach * kKinds - 1)));
}

/// n theta in the last layers of nets without memory.
template <typename Iterator>
Picture collapse_picture(Iterator next, const Theory& theory) {
  std::vector<Point> low, median, high, infinite_width;
  const MemorylessNets& nets = kMemoryless[0];
  const double n = static_cast<double>(nets.width);
  const std::vector<double> cosine = infinite_width_correlation(nets.of_ratio(ratio_of(1)), kCosine);
  constexpr int kSteps = 16;
  for (int k = 0; k <= kSteps; ++k) {
    const Network network = nets.of_ratio(ratio_of(static_cast<double>(k) / kSteps));
    const AngleLaw law = theory.angles(network, kCosine);
    const double x = aspect_ratio(network);
    low.push_back({x, n * law.quantile(0.1)});
    median.push_back({x, n * law.quantile(0.5)});
    high.push_back({x, n * law.quantile(0.9)});
    infinite_width.push_back({x, n * std::acos(cosine[network.depth()])});
  }
  Picture picture{
      .name = "angle-collapse",
      .caption =
          "Median, 10% and 90% quantile of nθ in the last layers of Balanced nets, α² + λ² = 1, and of fully "
          "connected ones, α² = 0. The law is that of α² = 0 and n = 100.",
      .x_label = "λ²d/n",
      .y_label = "nθ",
      .log_x = true,
      .log_y = true,
      .series = {{"law, 90%", Role::kLogGaussian, Series::Style::kLine, std::move(high), 1},
                 {"law, median", Role::kLogGaussian, Series::Style::kLine, std::move(median)},
                 {"law, 10%", Role::kLogGaussian, Series::Style::kLine, std::move(low), 2},
                 {"infinite width", Role::kGaussian, Series::Style::kLine, std::move(infinite_width)}}};
  for (std::size_t kind = 0; kind < std::size(kMemoryless); ++kind) {
    const auto [name, width, alpha2] = kMemoryless[kind];
    std::vector<Point> points;
    for (std::size_t i = 0; i < kEach; ++i) {
      const JointEnsemble& ensemble = *next++;
      for (const double p : {0.1, 0.5, 0.9}) {
        const Estimate log_tangent = ensemble.last_log_tangent[0].quantile(p);
        const double angle = 2 * std::atan(std::exp(log_tangent.value));
        points.push_back(point((1 - alpha2) * aspect_ratio(ensemble.network),
                               Estimate{angle, std::sin(angle) * log_tangent.std_error} * static_cast<double>(width)));
      }
    }
    picture.series.push_back(
        {name, Role::kSimulated, Series::Style::kPoints, std::move(points), static_cast<int>(kind)});
  }
  return picture;
}

/// Distribution functions in the last layer, simulated and predicted.
void add_to(Picture& picture, const std::string& name, const JointEnsemble& ensemble, const AngleLaw& law) {
  std::vector<Point> points, line;
  constexpr int kPoints = 24;
  for (int k = 1; k < kPoints; ++k) {
    const double p = static_cast<double>(k) / kPoints;
    const double error = std::sqrt(p * (1 - p) / static_cast<double>(ensemble.samples));
    points.push_back({ensemble.last_log_tangent[0].quantile(p).value, p, error});
  }
  constexpr int kSteps = 200;
  for (int k = 0; k <= kSteps; ++k) {
    const double x = law.log_tangent().mean + (6.0 * k / kSteps - 3) * std::sqrt(law.log_tangent().variance);
    line.push_back({x, law.cdf(2 * std::atan(std::exp(x)))});
  }
  const int variant = static_cast<int>(picture.series.size() / 2);
  picture.series.push_back({name, Role::kSimulated, Series::Style::kPoints, std::move(points), variant});
  picture.series.push_back({"law, " + name, Role::kLogGaussian, Series::Style::kLine, std::move(line), variant});
}

Findings examine_angles(const Simulations& simulations, const Theory& theory) {
  Findings findings;
  findings.table.push_back({"network", "n", "mean", "law", "variance", "law", "covariance with G", "law", "KS"});
  auto next = simulations.joint.begin();
  std::map<std::string, std::vector<Estimate>> variances;
  for (const AngleVariant& variant : deep_variants()) {
    std::vector<AtWidth> mean, variance, covariance;
    for (const std::size_t width : kWidths) {
      const JointEnsemble& ensemble = *next++;
      const AngleLaw law = theory.angles(ensemble.network, kCosine);
      const Moments& found = ensemble.log_tangent.back()[0];
      const Estimate with_G = ensemble.angle_and_growth[0].covariance();
      const double n = static_cast<double>(width);
      mean.push_back({n, found.mean() - law.log_tangent().mean});
      variance.push_back({n, found.variance() - law.log_tangent().variance});
      variances[variant.name].push_back(found.variance());
      covariance.push_back({n, with_G - law.log_tangent().covariance_with_growth});
      findings.table.push_back({variant.name, fmt::format("{}", width), cell(found.mean()),
                                cell(law.log_tangent().mean), cell(found.variance()), cell(law.log_tangent().variance),
                                cell(with_G), cell(law.log_tangent().covariance_with_growth),
                                cell(compare(ensemble, 0, law).ks)});
    }
    for (const auto& [what, measurements] :
         {std::pair("mean", &mean), std::pair("variance", &variance), std::pair("covariance with G", &covariance)}) {
      findings.checks.push_back(
          is_zero(fmt::format("{}: {} of ln tan(θ/2), simulated less predicted, at infinite width", variant.name, what),
                  extrapolate(*measurements)));
    }
  }
  std::vector<AtWidth> between_twins;
  for (std::size_t i = 0; i < std::size(kWidths); ++i) {
    between_twins.push_back({static_cast<double>(kWidths[i]), variances[kBalanced][i] - variances[kTwin][i]});
  }
  findings.checks.push_back(
      is_zero(fmt::format("{}: variance of ln tan(θ/2) less that of {}, at infinite width", kBalanced, kTwin),
              extrapolate(between_twins)));
  for (const AngleVariant& variant : shallow_variants()) {
    std::vector<AtWidth> difference;
    for (const std::size_t width : kWidths) {
      const JointEnsemble& ensemble = *next++;
      const double n = static_cast<double>(width);
      const double law = theory.growth_difference(ensemble.network, kCosine);
      difference.push_back({n, (ensemble.growth_difference[0].variance() - law) * n});
    }
    findings.checks.push_back(is_zero(variant.name + ": n Var(G - G'), simulated less predicted, at infinite width",
                                      extrapolate(difference)));
  }
  Picture picture{.name = "angles",
                  .caption =
                      "Distribution function of ln tan(θ/2), θ the angle between two inputs of cosine 1/2 in the last "
                      "layer. At infinite width it is one number.",
                  .x_label = "ln tan(θ/2)",
                  .y_label = "probability of less",
                  .series = {}};
  for (const AngleVariant& variant : single_variants()) {
    const JointEnsemble& ensemble = *next++;
    const AngleLaw law = theory.angles(ensemble.network, kCosine);
    const double ks = compare(ensemble, 0, law).ks;
    const double error = 0.5 / std::sqrt(static_cast<double>(ensemble.samples));
    findings.checks.push_back(is_below(variant.name + ": KS of the angle from its law", {ks, error}, kLargestAngleKs));
    const Estimate with_G = ensemble.angle_and_growth[0].covariance();
    const double expected = law.log_tangent().covariance_with_growth;
    findings.checks.push_back(is_below(variant.name + ": share by which the covariance with G is off",
                                       {std::abs(with_G.value / expected - 1), with_G.std_error / std::abs(expected)},
                                       kLargestShare));
    add_to(picture, variant.name, ensemble, law);
    if (!findings.summary.empty()) findings.summary += "; ";
    const Moments& found = ensemble.log_tangent.back()[0];
    findings.summary +=
        fmt::format("{}: mean and variance of ln tan(θ/2) {} and {} (law {:.3f}, {:.3f}), KS {:.2g}", variant.name,
                    cell(found.mean()), cell(found.variance()), law.log_tangent().mean, law.log_tangent().variance, ks);
  }
  findings.pictures.push_back(std::move(picture));
  findings.pictures.push_back(collapse_picture(next, theory));
  return findings;
}

}  // namespace

Claim angles_claim(const Setting& setting) {
  Experiments experiments(setting, 12);
  const std::vector<std::vector<double>> inputs = {{1, 0}, {kCosine, std::sqrt(1 - kCosine * kCosine)}};
  for (const AngleVariant& variant : deep_variants()) {
    for (const std::size_t width : kWidths) experiments.add_joint(variant.of_width(width), inputs);
  }
  for (const AngleVariant& variant : shallow_variants()) {
    for (const std::size_t width : kWidths) experiments.add_joint(variant.of_width(width), inputs);
  }
  for (const AngleVariant& variant : single_variants()) {
    experiments.add_joint(variant.of_width(0), inputs, kLeastAngleSamples);
  }
  for (std::size_t kind = 0; kind < std::size(kMemoryless); ++kind) {
    for (std::size_t i = 0; i < kEach; ++i) {
      experiments.add_joint(memoryless_net(kind, i), inputs, kMostSamples / 2, kMostSamples);
    }
  }
  return {
      .number = 12,
      .title = "Beyond the paper: the angle of two inputs collapses at random, and its law is known",
      .statement =
          "At depths of the order of the width the angle between two inputs is random and falls exponentially. "
          "Layers' memory of each other counts. The law predicts mean and variance of its logarithm, its "
          "covariance with "
          "the output's size, and how differently two inputs grow. Balanced nets have the law of fully connected ones "
          "of "
          "depth λ²d/(α² + λ²).",
      .test =
          "H0 for each kind of network, for inputs of cosine 1/2: mean and variance of ln tan(θ/2) in the last layer "
          "and "
          "its covariance with G, and at fixed depth n Var(G - G'), extrapolated to infinite width (D + c/n + e/n²), "
          "are "
          "the law's; rejected at 4.5 standard errors. So is H0 that the variance of the Balanced net's angle is that "
          "of a fully connected net of half its depth. In ResNets of width and depth 100, and in fully connected nets "
          "of "
          "width 64 and depth 50, the Kolmogorov-Smirnov distance must be below 0.015 and the covariance with G off by "
          "less than 10%.",
      .formula =
          "d ln θ = -(m + c n θ) d(l/n) + σ dW\n"
          "a Markov chain of artanh cos θ, layer by layer; docs/angles.md",
      .experiments = {},
      .joint_experiments = experiments.take_joint(),
      .examine = examine_angles};
}

}  // namespace initlaw
