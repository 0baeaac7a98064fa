#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "initlaw/angle_law.hpp"

namespace initlaw {

/// Throws std::invalid_argument for a network in which two pre-activations have no angle but 0 and pi.
void require_angles(const Network& network);

/// Mean and variance of a layer of iid neurons at every angle, relative to those at small angles (docs/angles.md,
/// eq. (7)), for an activation of leak < 1.
class NeuronRates {
 public:
  explicit NeuronRates(double leak);

  struct Ratio {
    double mean;
    double variance;
  };
  Ratio at(double theta) const;

 private:
  template <typename Number>
  struct Rates;
  template <typename Number>
  Rates<Number> rates(Number theta) const;

  double leak_;
  /// Taylor coefficients in theta, for small angles, where what the rates are made of cancels.
  std::vector<double> mean_;
  std::vector<double> variance_;
};

/// One random step of u = artanh cos theta: the map of infinite width, and a normal number.
struct AngleMove {
  double t;                  ///< the residual branch's share; 0 for no map
  double q2;                 ///< kink_share of its activations
  std::size_t branch_depth;  ///< how many of them there are
  double mean;               ///< of the normal number at small angles; so its variance, and its covariance with G
  double variance;
  double covariance;
  /// How the mean and variance change with the angle; null for a mean as tanh u and a constant variance.
  std::shared_ptr<const NeuronRates> rates;

  struct Step {
    double to;  ///< the mean of u after the step
    double variance;
    double covariance;
  };
  Step from(double u) const;
};

/// All random steps on the way of two inputs through a network.
struct AnglePath {
  std::vector<AngleMove> moves;
  /// How many of them lead to layer l = 0..d.
  std::vector<std::size_t> ends;
  /// What leads from there to the angle in layer l itself, where moves are of what its neurons are drawn from; empty if
  /// nothing does.
  std::vector<AngleMove> draws;

  std::size_t depth() const { return ends.size() - 1; }
};

/// Interpolated between small angles and angles of order 1 by tanh u: for every network.
AnglePath interpolated_path(const Network& network);
/// A network without skip path as layers of iid neurons, at every angle; `exact` for ReLU layers with their exact mean
/// and variance at small angles.
AnglePath path_without_skip(const Network& network, bool exact);
/// The best there is for this network.
AnglePath angle_path(const Network& network);

}  // namespace initlaw
