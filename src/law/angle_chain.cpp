#include "law/angle_chain.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace initlaw {
namespace {

/// A normal number that began as one point, and its covariance with what G has grown since.
struct Spread {
  double mean;
  double variance = 0;
  double covariance = 0;

  void move(const AngleMove& move) {
    if (variance == 0) {
      const auto [to, added, shared] = move.from(mean);
      *this = {to, added, shared};
      return;
    }
    const double deviation = std::sqrt(variance);
    const auto up = move.from(mean + deviation);
    const auto down = move.from(mean - deviation);
    const double slope = (up.to - down.to) / (2 * deviation);
    *this = {(up.to + down.to) / 2, slope * slope * variance + (up.variance + down.variance) / 2,
             slope * covariance + (up.covariance + down.covariance) / 2};
  }
};

}  // namespace

AngleChain::AngleChain(AnglePath path, double u, double groups) : path_(std::move(path)) {
  variance_.push_back(0);
  double typical = u;
  std::size_t begin = 0;
  for (const std::size_t end : path_.ends) {
    double variance = variance_.back();
    for (; begin < end; ++begin) {
      const auto step = path_.moves[begin].from(typical);
      typical = step.to;
      variance += step.variance;
    }
    variance_.push_back(variance);
  }
  // With what a draw adds, as layers alone may have none: ReLUs of opposite vectors have no overlap.
  const double drawn = path_.draws.empty() ? 0 : path_.draws.back().variance;
  group_variance_ = (variance_.back() + drawn) / groups;
  before_ = state_ = {0, {{u, 1, 0}}};
  last_ = end_of_group(0);
  reached_ = parts(state_, last_);
}

std::size_t AngleChain::end_of_group(std::size_t first) const {
  std::size_t l = first;
  while (l < path_.depth() && variance(first, l) < group_variance_) ++l;
  return l;
}

std::vector<AngleLaw::Part> AngleChain::parts(const State& state, std::size_t l) const {
  const std::size_t begin = state.layers == 0 ? 0 : path_.ends[state.layers - 1];
  const auto moves = std::span(path_.moves).subspan(begin, path_.ends[l] - begin);
  std::vector<Part> result;
  result.reserve(state.nodes.size());
  for (const Node& node : state.nodes) {
    Spread spread{node.u};
    for (const AngleMove& move : moves) spread.move(move);
    // Without any variance, as of layers without residual branch, it is a point that a double cannot tell from this.
    const double variance = std::max(spread.variance, 1e-30 * (1 + spread.mean * spread.mean));
    result.push_back({.mean = spread.mean,
                      .deviation = std::sqrt(variance),
                      .weight = node.weight,
                      .growth = node.growth,
                      .growth_slope = spread.covariance / variance});
  }
  return result;
}

std::vector<AngleLaw::Part> AngleChain::parts(std::size_t l) const {
  // A group's first layers alone are narrower than the grid at which it begins.
  const bool is_wide = variance(first_, l) >= group_variance_;
  std::vector<Part> result = is_wide && l == last_ ? reached_ : parts(is_wide ? state_ : before_, l);
  if (path_.draws.empty()) return result;
  for (Part& part : result) {
    const double variance = part.deviation * part.deviation;
    Spread spread{part.mean, variance, part.growth_slope * variance};
    spread.move(path_.draws[l]);
    part.mean = spread.mean;
    part.deviation = std::sqrt(spread.variance);
    part.growth_slope = spread.covariance / spread.variance;
  }
  return result;
}

void AngleChain::advance() {
  const std::size_t next_last = end_of_group(last_ + 1);
  const double narrowest = std::min(variance(first_, last_), std::max(variance(last_ + 1, next_last), group_variance_));
  // In layers of a few neurons it is the map that is not smooth on the scale of their steps.
  constexpr double kFineEnough = 0.5;
  const double spacing = std::min(kFineEnough, std::sqrt(narrowest) / 2);
  State next{last_ + 1, {}};
  for (const AngleLaw::GridPoint& point : AngleLaw::on_grid(reached_, spacing)) {
    constexpr double kNegligible = 1e-20;
    const double weight = spacing * point.density;
    if (weight > kNegligible) next.nodes.push_back({point.u, weight, spacing * point.growth});
  }
  before_ = std::exchange(state_, std::move(next));
  first_ = last_ + 1;
  last_ = next_last;
  reached_ = parts(state_, last_);
}

}  // namespace initlaw
