#pragma once

#include <cstddef>
#include <vector>

#include "initlaw/angle_law.hpp"
#include "law/angle_path.hpp"

namespace initlaw {

/// The Markov chain of u = artanh cos theta along a path, layer by layer.
///
/// Its law is kept on a uniform grid of u, half as fine as the next normal number is wide, so that the trapezoidal rule
/// is exact to rounding. Deep networks are taken in groups of layers, which have about 1/`groups` of all variance; in
/// a group the normal numbers so far enter the next layer's map as their mean plus and minus their standard deviation.
class AngleChain {
 public:
  static constexpr double kGroups = 400;

  /// Inputs of cosine tanh u.
  AngleChain(AnglePath path, double u, double groups = kGroups);

  /// The layers of the group that is reached.
  std::size_t first() const { return first_; }
  std::size_t last() const { return last_; }
  /// Goes on to the next group. Needs last() < depth.
  void advance();
  /// The law in a layer from first() to last().
  AngleLaw law(std::size_t l) const { return AngleLaw(parts(l)); }
  /// P(U > u) there.
  double upper(std::size_t l, double u) const { return AngleLaw::upper(parts(l), u); }

 private:
  using Part = AngleLaw::Part;
  /// A point of the grid, or the start.
  struct Node {
    double u;
    double weight;
    double growth;  ///< E G there, times the weight
  };
  /// The law after layers 0..layers-1.
  struct State {
    std::size_t layers;
    std::vector<Node> nodes;
  };

  /// Where a state's nodes are after layer l, without its draw.
  std::vector<Part> parts(const State& state, std::size_t l) const;
  /// The law in layer l.
  std::vector<Part> parts(std::size_t l) const;
  /// Of layers first..l in the midst of the law.
  double variance(std::size_t first, std::size_t l) const { return variance_[l + 1] - variance_[first]; }
  std::size_t end_of_group(std::size_t first) const;

  AnglePath path_;
  std::vector<double> variance_;  ///< of layers 0..l-1
  double group_variance_;
  State before_;               ///< where the last group began
  State state_;                ///< where this one begins
  std::vector<Part> reached_;  ///< and where it leads, without a draw
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

}  // namespace initlaw
