#include <fmt/core.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cereal/types/utility.hpp>
#include <cmath>
#include <functional>
#include <iterator>
#include <optional>

#include "bindings.hpp"
#include "comparison/joint_comparison.hpp"
#include "distribution.hpp"
#include "initlaw/angle_law.hpp"
#include "pickled.hpp"
#include "watched.hpp"

namespace initlaw::python {
namespace {

std::vector<Estimate> means(const std::vector<Moments>& moments) {
  std::vector<Estimate> result;
  for (const Moments& each : moments) result.push_back(each.mean());
  return result;
}

nb::object by_layer_and_pair(const std::vector<std::vector<Moments>>& moments, Estimate (*estimate)(const Moments&)) {
  std::vector<Estimate> estimates;
  for (const auto& layer : moments) std::transform(layer.begin(), layer.end(), std::back_inserter(estimates), estimate);
  return estimates_of(estimates, {moments.size(), moments.empty() ? 0 : moments[0].size()});
}

template <typename Archive, typename AnyEnsemble>
void archive_numbers(Archive& archive, AnyEnsemble& e) {
  archive(e.inputs, e.options.samples, e.options.seed, e.options.pairs, e.options.layers, e.samples, e.growth,
          e.growth_difference, e.growths, e.cosine, e.log_tangent, e.angle_and_growth, e.output_covariance);
}

std::string to_bytes(const JointEnsemble& ensemble) {
  return to_marked_bytes("joint ensemble", [&](auto& archive) {
    save(archive, ensemble.network, Input());
    archive_numbers(archive, ensemble);
    for (const Histogram& each : ensemble.last_log_tangent) archive(each);
  });
}

JointEnsemble joint_ensemble_from_bytes(std::string_view bytes) {
  return from_marked_bytes("joint ensemble", bytes, [](auto& archive) {
    JointEnsemble ensemble{.network = load_network(archive).first,
                           .inputs = {},
                           .options = {},
                           .samples = 0,
                           .growth = {},
                           .growth_difference = {},
                           .growths = {},
                           .cosine = {},
                           .log_tangent = {},
                           .last_log_tangent = {},
                           .angle_and_growth = {},
                           .output_covariance = {}};
    archive_numbers(archive, ensemble);
    ensemble.last_log_tangent.assign(ensemble.options.pairs.size(), Histogram(-kLargestLogTangent, kLargestLogTangent));
    for (Histogram& each : ensemble.last_log_tangent) archive(each);
    return ensemble;
  });
}

/// A law, and what it is made from.
struct AngleLawOfInputs {
  Network network;
  double rho;
  std::size_t layer;
  AngleLaw law;
};

AngleLawOfInputs angle_law_of(const Network& network, double rho, std::size_t layer) {
  return {network, rho, layer, angle_law_by_layer(network, rho, {layer})[0]};
}

/// Numbers of pairs as an array of shape (inputs, inputs, layers), symmetric, NaN where there are none.
template <typename Value>
nb::object matrix_of(const JointPrediction& prediction, const Value& value) {
  const std::size_t m = prediction.inputs;
  const std::size_t layers = prediction.layers.size();
  std::vector<double> numbers(m * m * layers, std::nan(""));
  for (const AnglePrediction& pair : prediction.pairs) {
    const auto [i, j] = pair.pair;
    for (std::size_t k = 0; k < layers; ++k) {
      if (const std::optional<double> number = value(pair, k)) {
        numbers[(i * m + j) * layers + k] = numbers[(j * m + i) * layers + k] = *number;
      }
    }
  }
  return nb::cast(to_array(std::move(numbers), {m, m, layers}));
}

void bind_angle_law(nb::module_& module) {
  using L = AngleLawOfInputs;
  nb::class_<L> law(
      module, "AngleLaw",
      "The law of the angle, in radians, of two inputs in one layer. Functions take a number or an array.");
  const auto get = [](const L& l) -> const AngleLaw& { return l.law; };
  bind_elementwise(law, get, "pdf", "Density.", [](const AngleLaw& l, double x) { return l.pdf(x); });
  bind_elementwise(law, get, "cdf", "P(angle <= x).", [](const AngleLaw& l, double x) { return l.cdf(x); });
  bind_elementwise(law, get, "sf", "P(angle > x), accurate where it is small.",
                   [](const AngleLaw& l, double x) { return l.survival(x); });
  bind_elementwise(law, get, "ppf", "Quantile: the angle with cdf(angle) = p. Raises ValueError unless 0 <= p <= 1.",
                   [](const AngleLaw& l, double p) { return l.quantile(p); });
  law.def_ro("network", &L::network, "The network whose law it is.")
      .def_ro("rho", &L::rho, "The cosine of the inputs.")
      .def_ro("layer", &L::layer, "The layer.")
      .def_prop_ro(
          "log_angle_mean", [](const L& l) { return l.law.log_angle().mean; }, "The mean of ln theta.")
      .def_prop_ro(
          "log_angle_variance", [](const L& l) { return l.law.log_angle().variance; }, "Its variance.")
      .def_prop_ro(
          "log_tangent_mean", [](const L& l) { return l.law.log_tangent().mean; }, "The mean of ln tan(theta/2).")
      .def_prop_ro(
          "log_tangent_variance", [](const L& l) { return l.law.log_tangent().variance; }, "Its variance.")
      .def_prop_ro(
          "covariance_with_growth", [](const L& l) { return l.law.log_tangent().covariance_with_growth; },
          "The covariance of ln tan(theta/2) with G of either input.")
      .def_prop_ro(
          "mean_cosine", [](const L& l) { return l.law.mean_cosine(); }, "E cos theta.")
      .def(
          "__eq__",
          [](const L& a, const L& b) { return a.rho == b.rho && a.layer == b.layer && a.network == b.network; },
          nb::is_operator(), nb::sig(kEqualSig))
      .def("__hash__",
           [](const L& l) {
             return std::hash<std::string>()(fmt::format("{} {} {}", l.rho, l.layer, to_json(l.network)));
           })
      .def(
          "__getstate__", [](const L& l) { return nb::make_tuple(l.network, l.rho, l.layer); }, nb::sig(kGetStateSig))
      .def(
          "__setstate__",
          [](L& l, const nb::tuple& state) {
            new (&l) L(
                angle_law_of(nb::cast<Network>(state[0]), nb::cast<double>(state[1]), nb::cast<std::size_t>(state[2])));
          },
          nb::sig(kSetStateSig))
      .def("__repr__",
           [](const L& l) { return fmt::format("AngleLaw(layer {}: median {:.6g})", l.layer, l.law.quantile(0.5)); });
  module.def(
      "angle_law",
      [](const Network& network, double rho, std::optional<std::size_t> layer) {
        return angle_law_of(network, rho, layer.value_or(network.depth()));
      },
      nb::arg("network"), nb::arg("rho"), nb::arg("layer").none() = nb::none(),
      nb::sig("def angle_law(network: Network, rho: float, layer: int | None = None) -> AngleLaw"),
      "The law of the angle of two inputs of cosine rho, by default in the last layer, at finite depth and width. "
      "Raises "
      "ValueError unless -1 < rho < 1, and for other architectures than the paper's. Cost: milliseconds at depth 50. "
      "Source: docs/angles.md.");
  module.def(
      "collapse_depth", &collapse_depth, nb::arg("network"), nb::arg("rho"), nb::arg("angle"),
      nb::arg("probability") = 0.5,
      nb::sig("def collapse_depth(network: Network, rho: float, angle: float, probability: float = 0.5) -> int | None"),
      "The first layer in which the angle of inputs of cosine rho is below `angle` (radians) with this "
      "probability; None if there is none. Raises as angle_law does. Source: docs/angles.md.");
  module.def(
      "growth_difference_variance", &growth_difference_variance, nb::arg("network"), nb::arg("rho"),
      "Var(G - G') of two inputs of cosine rho, to leading order in 1/n at fixed depth. Raises ValueError unless -1 "
      "<= rho <= 1 and the branch depth is 1. Source: docs/angles.md.");
  module.def(
      "predict_angles",
      [](const Network& network, nb::handle inputs, std::vector<InputPair> pairs, std::vector<std::size_t> layers) {
        const JointPrediction prediction =
            predict_angles(network, {.pairs = std::move(pairs), .layers = std::move(layers)}, to_rows(inputs));
        using Layer = AnglePrediction::Layer;
        nb::dict result;
        result["layers"] = prediction.layers;
        result["infinite_width"] =
            matrix_of(prediction, [](const AnglePrediction& pair, std::size_t k) -> std::optional<double> {
              if (pair.infinite_width.empty()) return std::nullopt;
              return pair.infinite_width[k];
            });
        const auto add = [&](const char* name, const auto& value) {
          result[name] =
              matrix_of(prediction, [&](const AnglePrediction& pair, std::size_t k) -> std::optional<double> {
                if (!pair.law) return std::nullopt;
                return value(pair.layers[k]);
              });
        };
        add("mean_cosine", [](const Layer& layer) { return layer.mean_cosine; });
        add("log_tangent_mean", [](const Layer& layer) { return layer.log_tangent.mean; });
        add("log_tangent_variance", [](const Layer& layer) { return layer.log_tangent.variance; });
        add("covariance_with_growth", [](const Layer& layer) { return layer.log_tangent.covariance_with_growth; });
        add("low", [](const Layer& layer) { return layer.low; });
        add("median", [](const Layer& layer) { return layer.median; });
        add("high", [](const Layer& layer) { return layer.high; });
        return result;
      },
      nb::arg("network"), nb::arg("inputs"), nb::arg("pairs"), nb::arg("layers"));
}

}  // namespace

void bind_several_inputs(nb::module_& module) {
  bind_angle_law(module);
  nb::class_<JointEnsemble> bound(module, "JointEnsemble", "What the same random networks did with several inputs.");
  bound.def_ro("network", &JointEnsemble::network, "The network that was simulated.")
      .def_ro("samples", &JointEnsemble::samples, "Networks simulated.")
      .def_ro("growth", &JointEnsemble::growth, "Moments of ln(||z_d||^2/n) - ln(||x||^2/n_in) for each input.")
      .def_prop_ro(
          "pairs", [](const JointEnsemble& e) { return e.options.pairs; },
          "The pairs of inputs (i, j), i < j, in the order of what follows.")
      .def_prop_ro(
          "layers", [](const JointEnsemble& e) { return e.options.layers; }, "The layers in which angles were kept.")
      .def_ro("growth_difference", &JointEnsemble::growth_difference, "Moments of G_i - G_j of each pair.")
      .def_prop_ro(
          "cosine",
          [](const JointEnsemble& e) {
            return by_layer_and_pair(e.cosine, [](const Moments& cosine) { return cosine.mean(); });
          },
          nb::sig(estimates_sig("cosine").c_str()),
          "The mean cosine of the angle between z_l of the two inputs, shape (layers, pairs).")
      .def_prop_ro(
          "log_tangent_mean",
          [](const JointEnsemble& e) {
            return by_layer_and_pair(e.log_tangent, [](const Moments& tangent) { return tangent.mean(); });
          },
          nb::sig(estimates_sig("log_tangent_mean").c_str()),
          "The mean of ln tan(theta/2), theta the angle between z_l of the two inputs, shape (layers, pairs).")
      .def_prop_ro(
          "log_tangent_variance",
          [](const JointEnsemble& e) {
            return by_layer_and_pair(e.log_tangent, [](const Moments& tangent) { return tangent.variance(); });
          },
          nb::sig(estimates_sig("log_tangent_variance").c_str()), "Its variance, shape (layers, pairs).")
      .def_ro("last_log_tangent", &JointEnsemble::last_log_tangent,
              "Histograms of ln tan(theta/2) in the last layer, one a pair; collapsed inputs are in the lowest bin.")
      .def_prop_ro(
          "growth_covariance",
          [](const JointEnsemble& e) {
            return estimates_of(e.growths.size(), [&](std::size_t pair) { return e.growths[pair].covariance(); });
          },
          nb::sig(estimates_sig("growth_covariance").c_str()), "Cov(G_i, G_j) of each pair.")
      .def_prop_ro(
          "angle_and_growth_covariance",
          [](const JointEnsemble& e) {
            return estimates_of(e.angle_and_growth.size(),
                                [&](std::size_t pair) { return e.angle_and_growth[pair].covariance(); });
          },
          nb::sig(estimates_sig("angle_and_growth_covariance").c_str()),
          "Of ln tan(theta/2) in the last layer and (G_i + G_j)/2, for each pair.")
      .def_prop_ro(
          "output_covariance",
          [](const JointEnsemble& e) { return estimates_of(means(e.output_covariance), {e.output_covariance.size()}); },
          nb::sig(estimates_sig("output_covariance").c_str()),
          "E z z' of one output, divided by the product of its standard deviations at infinite width.")
      .def("__repr__", [](const JointEnsemble& e) {
        return fmt::format("JointEnsemble({}, width {}, depth {}, {} inputs, samples {})",
                           to_string(e.network.family()), e.network.width(0), e.network.depth(), e.growth.size(),
                           e.samples);
      });
  bind_to_dataframe(bound,
                    "A row for each layer 0..d and pair (i, j) with the cosine, and its error in a column that ends in "
                    "_error.");
  bind_bytes(
      bound, [](const JointEnsemble& e) { return to_bytes(e); }, joint_ensemble_from_bytes);
  module.def(
      "simulate_jointly",
      [](const Network& network, nb::handle inputs, nb::handle samples, nb::handle seed, nb::handle threads,
         std::vector<InputPair> pairs, std::vector<std::size_t> layers, nb::handle on_progress) {
        const JointOptions options{.samples = whole_number("samples", samples),
                                   .seed = whole_number("seed", seed),
                                   .threads = thread_count(threads),
                                   .pairs = std::move(pairs),
                                   .layers = std::move(layers)};
        const auto rows = to_rows(inputs);
        return watched(on_progress,
                       [&](const Progress& progress) { return simulate_jointly(network, options, rows, progress); });
      },
      nb::arg("network"), nb::arg("inputs"), nb::arg("samples"), nb::arg("seed"), nb::arg("threads"), nb::arg("pairs"),
      nb::arg("layers"), nb::arg("on_progress").none());
  module.def(
      "infinite_width_correlation",
      [](const Network& network, double rho) { return nb::cast(to_array(infinite_width_correlation(network, rho))); },
      nb::arg("network"), nb::arg("rho"),
      nb::sig("def infinite_width_correlation(network: Network, rho: float) -> numpy.typing.NDArray[numpy.float64]"),
      "The correlation of z_l at two inputs of cosine rho, l = 0..d, at infinite width; shape (depth + 1,). Cost: "
      "O(depth branch_depth). Raises ValueError unless -1 <= rho <= 1. Source: Cho, Saul (2009); docs/theory.md, "
      "'Several "
      "inputs'.");
}

}  // namespace initlaw::python
