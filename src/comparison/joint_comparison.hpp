#pragma once

#include <optional>
#include <string>
#include <vector>

#include "initlaw/angle_law.hpp"
#include "initlaw/compare.hpp"
#include "initlaw/several_inputs.hpp"

namespace initlaw {

/// What theory says of the angle of two inputs.
struct AnglePrediction {
  InputPair pair;
  /// Its cosine at infinite width, layer by layer; empty if one of the two inputs is 0.
  std::vector<double> infinite_width;
  /// In one layer at finite width. Angles are in radians.
  struct Layer {
    AngleMoments log_tangent;
    double mean_cosine;
    double low;  ///< the 1% quantile
    double median;
    double high;  ///< the 99% quantile
  };
  /// Layer by layer; empty if there is no law.
  std::vector<Layer> layers;
  /// The law in the last layer.
  std::optional<AngleLaw> law;
  /// Why there is none.
  std::string no_law;
  /// The first layer in which half of the networks have an angle below JointPrediction::collapse_angle.
  std::optional<std::size_t> collapse_depth;
  std::optional<double> growth_difference_variance;
};

struct JointPrediction {
  Network network;
  std::size_t inputs;
  /// The layers of which predictions are.
  std::vector<std::size_t> layers;
  /// Inputs of a smaller angle count as collapsed.
  double collapse_angle;
  std::vector<AnglePrediction> pairs;
};

inline constexpr double kCollapseAngle = 5 * 3.14159265358979323846 / 180;

/// Of the pairs and layers that simulate_jointly() would keep. Throws as that does, and as collapse_depth() does for an
/// angle. Cost: for each pair as angle_law, and a millisecond a layer.
JointPrediction predict_angles(const Network& network, const JointOptions& options,
                               const std::vector<std::vector<double>>& inputs, double collapse_angle = kCollapseAngle);

/// What several inputs did, and what theory says of it.
struct JointComparison {
  JointEnsemble ensemble;
  JointPrediction prediction;
  struct AngleFit {
    Distance distance;  ///< of ln tan(theta/2) in the last layer
    Verdict verdict;
  };
  /// For each pair, if it has a law and lived.
  std::vector<std::optional<AngleFit>> fits;
};

/// Throws std::invalid_argument unless both are of the same pairs and layers.
JointComparison compare(JointEnsemble ensemble, JointPrediction prediction);

}  // namespace initlaw
