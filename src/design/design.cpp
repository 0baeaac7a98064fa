#include "initlaw/design.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "comparison/changed_network.hpp"
#include "design/quantity.hpp"
#include "law/boost_policy.hpp"

namespace initlaw {
namespace {

constexpr int kDigits = 6;

bool is_count(Parameter parameter) { return parameter == Parameter::kWidth || parameter == Parameter::kDepth; }

/// To the digits that are reported, so that the number in a report is the one that was looked at.
double rounded(double value) { return std::stod(fmt::format("{:.{}g}", value, kDigits)); }

/// The difference of such numbers.
double last_digit(double value) { return std::pow(10, std::floor(std::log10(value)) - (kDigits - 1)); }

void require_findable(const Network& network, Parameter parameter) {
  const auto name = to_string(parameter);
  const auto refuse = [&](const std::string& reason) {
    throw std::invalid_argument(fmt::format("{}: cannot be found: {}", name, reason));
  };
  const bool is_alpha = parameter == Parameter::kAlpha;
  if (network.family() == Family::kFullyConnected && !is_count(parameter)) {
    refuse("a fully-connected network has alpha 0 and lambda 1; its width and depth can be");
  }
  if (network.family() == Family::kStable && is_alpha) refuse("a stable network has alpha 1; its lambda can be");
  const bool is_list = is_alpha                          ? !network.alphas().is_constant()
                       : parameter == Parameter::kLambda ? !network.lambdas().is_constant()
                       : parameter == Parameter::kWidth  ? !network.widths().is_constant()
                                                         : false;
  if (is_list) refuse("the network has a list of it, one a layer; it must be one number");
  if (parameter == Parameter::kDepth && !network.is_stationary()) {
    refuse("the network has a list of alpha, lambda or width, which says how deep it is; they must be one number each");
  }
}

void require_valid(const Range& range, Parameter parameter) {
  const auto is_valid = [&](double value) {
    return std::isfinite(value) && value >= 0 && (!is_count(parameter) || (value >= 1 && value == std::floor(value)));
  };
  if (is_valid(range.from) && is_valid(range.to) && range.from <= range.to) return;
  throw std::invalid_argument(
      fmt::format("range: from {} to {} is no range of {}; it must be two {}, the smaller first", range.from, range.to,
                  to_string(parameter), is_count(parameter) ? "whole numbers from 1" : "numbers from 0"));
}

/// One search: what it looks at, and where.
class Search {
 public:
  Search(const Network& network, Parameter parameter, const Target& target, const Input& input, const Range& range)
      : network_(network), parameter_(parameter), target_(target), input_(input), range_(range) {}

  Network network_at(double value) const {
    nlohmann::ordered_json fields;
    if (is_count(parameter_)) {
      fields[to_string(parameter_)] = static_cast<std::size_t>(value);
    } else {
      fields[to_string(parameter_)] = value;
    }
    return changed(network_, fields);
  }

  DesignPoint at(double value) const {
    const auto [quantity, law, accuracy, law_error] = predicted_quantity(network_at(value), input_, target_);
    return {.value = value, .quantity = quantity, .law = law, .accuracy = accuracy, .law_error = law_error};
  }

  bool met(const DesignPoint& point) const { return point.quantity <= target_.at_most(); }

  /// In steps of a factor of 2, in ascending order.
  std::vector<DesignPoint> scan() const {
    constexpr int kMostSteps = 40;
    std::vector<DesignPoint> points;
    double value = range_.to;
    for (int step = 0; step <= kMostSteps && value > range_.from; ++step) {
      points.push_back(at(value));
      value = is_count(parameter_) ? std::floor(value / 2) : value / 2;
    }
    points.push_back(at(range_.from));
    std::reverse(points.begin(), points.end());
    return points;
  }

  /// Where the target is met last on the way from a point that meets it to one that does not.
  double border(const DesignPoint& met, const DesignPoint& unmet) const {
    return is_count(parameter_) ? border_of_counts(met.value, unmet.value) : border_of_scales(met, unmet);
  }

  std::vector<Range> ranges(const std::vector<DesignPoint>& scanned) const {
    std::vector<Range> ranges;
    for (std::size_t i = 0; i < scanned.size(); ++i) {
      if (!met(scanned[i])) continue;
      const bool continues = i > 0 && met(scanned[i - 1]);
      if (!continues) {
        const double from = i == 0 ? scanned[i].value : border(scanned[i], scanned[i - 1]);
        ranges.push_back({from, scanned[i].value});
      }
      const bool ends = i + 1 < scanned.size() && !met(scanned[i + 1]);
      ranges.back().to = ends ? border(scanned[i], scanned[i + 1]) : scanned[i].value;
    }
    return ranges;
  }

  /// What was found, and its neighbours.
  std::vector<DesignPoint> points_about(double found) const {
    std::vector<double> values = {found};
    if (is_count(parameter_)) {
      for (const double value : {std::floor(found / 2), found - 1, found + 1, 2 * found}) values.push_back(value);
    } else {
      for (const double factor : {0.5, 0.9, 1.1, 2.0}) values.push_back(rounded(factor * found));
    }
    std::erase_if(values, [&](double value) { return value != found && (value < range_.from || value > range_.to); });
    return points_at(std::move(values));
  }

  std::vector<DesignPoint> points_at(std::vector<double> values) const {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    std::vector<DesignPoint> points;
    points.reserve(values.size());
    for (const double value : values) points.push_back(at(value));
    return points;
  }

 private:
  double border_of_counts(double met_value, double unmet_value) const {
    while (std::abs(met_value - unmet_value) > 1) {
      const double middle = std::floor((met_value + unmet_value) / 2);
      (met(at(middle)) ? met_value : unmet_value) = middle;
    }
    return met_value;
  }

  double border_of_scales(const DesignPoint& met_point, const DesignPoint& unmet_point) const {
    // The logarithm of a quantity is closer to a line. That of a risk that is 0 to a double is bounded.
    const auto excess_of = [&](const DesignPoint& point) {
      constexpr double kBound = 1000;
      return std::clamp(std::log(point.quantity / target_.at_most()), -kBound, kBound);
    };
    // A range may span more powers of 10 than a search on a line gets through.
    const auto position = [](double value) { return std::log(std::max(value, 1e-100)); };
    const auto excess = [&](double log_value) { return excess_of(at(std::exp(log_value))); };
    const bool met_below = met_point.value < unmet_point.value;
    const auto& [low, high] = met_below ? std::pair(met_point, unmet_point) : std::pair(unmet_point, met_point);
    if (excess_of(met_point) == 0) return met_point.value;
    const auto is_close = [](double left, double right) { return right - left < 1e-9; };
    std::uintmax_t iterations = 60;
    const auto [left, right] =
        boost::math::tools::toms748_solve(excess, position(low.value), position(high.value), excess_of(low),
                                          excess_of(high), is_close, iterations, BoostPolicy());
    const double root = std::exp(met_below ? left : right);
    const double unit = last_digit(root);
    const double inside = rounded((met_below ? std::floor(root / unit) : std::ceil(root / unit)) * unit);
    return met_below ? std::max(inside, low.value) : std::min(inside, high.value);
  }

  const Network& network_;
  Parameter parameter_;
  const Target& target_;
  const Input& input_;
  Range range_;
};

/// Of the ranges that meet the target the value to take.
double choose(const std::vector<Range>& met, Parameter parameter, const Range& searched) {
  const bool smallest = parameter == Parameter::kWidth || parameter == Parameter::kAlpha;
  const auto [from, to] = smallest ? met.back() : met.front();
  if (smallest) return from > searched.from || to == searched.to ? from : to;
  return to < searched.to || from == searched.from ? to : from;
}

}  // namespace

Range default_range(const Network& network, Parameter parameter) {
  switch (parameter) {
    case Parameter::kWidth:
      return {1, 1'000'000};
    case Parameter::kDepth:
      return {1, network.is_normalized() ? 1'000.0 : 100'000.0};
    default:
      return {1e-4, 10};
  }
}

Design design(const Network& network, Parameter parameter, const Target& target, const Input& input) {
  return design(network, parameter, target, input, default_range(network, parameter));
}

Design design(const Network& network, Parameter parameter, const Target& target, const Input& input,
              const Range& range) {
  require_findable(network, parameter);
  require_valid(range, parameter);
  const Search search(network, parameter, target, input, range);
  const std::vector<DesignPoint> scanned = search.scan();
  Design design{.network = network,
                .input = input,
                .parameter = parameter,
                .target = target,
                .searched = range,
                .met = search.ranges(scanned),
                .found = std::nullopt,
                .points = {},
                .at_infinite_width = 0};
  if (design.met.empty()) {
    const auto least = std::min_element(scanned.begin(), scanned.end(), [](const DesignPoint& a, const DesignPoint& b) {
      return a.quantity < b.quantity;
    });
    design.network = search.network_at(least->value);
    design.points = search.points_at({range.from, least->value, range.to});
  } else {
    const double value = choose(design.met, parameter, range);
    design.network = search.network_at(value);
    design.points = search.points_about(value);
    design.found = *std::find_if(design.points.begin(), design.points.end(),
                                 [&](const DesignPoint& point) { return point.value == value; });
  }
  design.at_infinite_width = quantity_at_infinite_width(design.network, input, target);
  return design;
}

}  // namespace initlaw
