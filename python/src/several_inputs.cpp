#include <fmt/core.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cereal/types/utility.hpp>
#include <iterator>

#include "bindings.hpp"
#include "pickled.hpp"
#include "watched.hpp"

namespace initlaw::python {
namespace {

/// The rows of anything that NumPy makes an array of two dimensions of.
std::vector<std::vector<double>> to_rows(nb::handle inputs) {
  const nb::object array = nb::module_::import_("numpy").attr("ascontiguousarray")(inputs, "float64");
  const auto numbers = nb::cast<nb::ndarray<const double, nb::c_contig, nb::device::cpu>>(array);
  if (numbers.ndim() != 2) throw std::invalid_argument("inputs: must have two dimensions, (inputs, components)");
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < numbers.shape(0); ++i) {
    const double* row = numbers.data() + i * numbers.shape(1);
    rows.emplace_back(row, row + numbers.shape(1));
  }
  return rows;
}

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

}  // namespace

void bind_several_inputs(nb::module_& module) {
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
