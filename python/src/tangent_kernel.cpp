#include <fmt/core.h>
#include <nanobind/stl/vector.h>

#include <cmath>

#include "bindings.hpp"
#include "comparison/tangent_kernel_comparison.hpp"
#include "pickled.hpp"
#include "watched.hpp"

namespace initlaw::python {
namespace {

using Kernel = TangentKernelMatrixComparison;

/// value(i, j) of all inputs.
template <typename Value>
auto matrix_of(const Kernel& kernel, const Value& value) {
  const std::size_t m = kernel.ensemble.inputs.size();
  std::vector<decltype(value(m, m))> numbers;
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < m; ++j) numbers.push_back(value(i, j));
  }
  return numbers;
}

template <typename Value>
nb::object estimates_matrix(const Kernel& kernel, const Value& value) {
  const std::size_t m = kernel.ensemble.inputs.size();
  return estimates_of(matrix_of(kernel, value), {m, m});
}

template <typename Value>
nb::object number_matrix(const Kernel& kernel, const Value& value) {
  const std::size_t m = kernel.ensemble.inputs.size();
  return nb::cast(to_array(matrix_of(kernel, value), {m, m}));
}

template <typename Archive, typename AnyEnsemble>
void archive_numbers(Archive& archive, AnyEnsemble& e) {
  archive(e.inputs, e.options.samples, e.options.seed, e.samples, e.log_unit, e.kernel, e.cosine, e.log_diagonal);
}

std::string to_bytes(const Kernel& kernel) {
  return to_marked_bytes("tangent kernel ensemble", [&](auto& archive) {
    save(archive, kernel.ensemble.network, Input());
    archive_numbers(archive, kernel.ensemble);
  });
}

Kernel kernel_from_bytes(std::string_view bytes) {
  return from_marked_bytes("tangent kernel ensemble", bytes, [](auto& archive) {
    TangentKernelEnsemble ensemble{.network = load_network(archive).first,
                                   .inputs = {},
                                   .options = {},
                                   .samples = 0,
                                   .log_unit = {},
                                   .kernel = {},
                                   .cosine = {},
                                   .log_diagonal = {}};
    archive_numbers(archive, ensemble);
    return compare_tangent_kernel(std::move(ensemble));
  });
}

constexpr auto kPlace = &TangentKernelEnsemble::place;

}  // namespace

void bind_tangent_kernel(nb::module_& module) {
  nb::class_<Kernel> bound(module, "TangentKernelEnsemble",
                           "The neural tangent kernel Theta of the same random networks at several inputs, over all "
                           "weights and for the first output, beside infinite width. Matrices have shape (inputs, "
                           "inputs).");
  const auto sig = [](const std::string& name) {
    return fmt::format("def {}(self) -> numpy.typing.NDArray[numpy.float64]", name);
  };
  bound
      .def_prop_ro(
          "network", [](const Kernel& k) { return k.ensemble.network; }, "The network that was simulated.")
      .def_prop_ro(
          "samples", [](const Kernel& k) { return k.ensemble.samples; }, "Networks simulated.")
      .def_prop_ro(
          "mean",
          [](const Kernel& k) {
            return estimates_matrix(k, [&](std::size_t i, std::size_t j) { return k.ensemble.mean(i, j); });
          },
          nb::sig(estimates_sig("mean").c_str()), "The mean of Theta over networks.")
      .def_prop_ro(
          "spread",
          [](const Kernel& k) {
            return estimates_matrix(k, [&](std::size_t i, std::size_t j) { return k.ensemble.spread(i, j); });
          },
          nb::sig(estimates_sig("spread").c_str()), "The standard deviation of Theta over networks.")
      .def_prop_ro(
          "infinite_width",
          [](const Kernel& k) {
            return number_matrix(k, [&](std::size_t i, std::size_t j) { return k.infinite_width(i, j); });
          },
          nb::sig(sig("infinite_width").c_str()), "Theta at infinite width, where all networks have the same.")
      .def_prop_ro(
          "cosine",
          [](const Kernel& k) {
            return estimates_matrix(
                k, [&](std::size_t i, std::size_t j) { return k.ensemble.cosine[kPlace(i, j)].mean(); });
          },
          nb::sig(estimates_sig("cosine").c_str()),
          "The mean of Theta_ij/sqrt(Theta_ii Theta_jj), over networks in which neither is 0.")
      .def_prop_ro(
          "cosine_variance",
          [](const Kernel& k) {
            return estimates_matrix(
                k, [&](std::size_t i, std::size_t j) { return k.ensemble.cosine[kPlace(i, j)].variance(); });
          },
          nb::sig(estimates_sig("cosine_variance").c_str()), "Its variance.")
      .def_prop_ro(
          "infinite_width_cosine",
          [](const Kernel& k) {
            return number_matrix(k,
                                 [&](std::size_t i, std::size_t j) { return k.infinite_width_cosine[kPlace(i, j)]; });
          },
          nb::sig(sig("infinite_width_cosine").c_str()), "The same at infinite width; 0 where an input is 0.")
      .def_prop_ro(
          "log_diagonal", [](const Kernel& k) { return k.ensemble.log_diagonal; },
          "Moments of ln Theta_ii for each input, over networks in which it is not 0.")
      .def("__repr__", [](const Kernel& k) {
        const Network& network = k.ensemble.network;
        return fmt::format("TangentKernelEnsemble({}, width {}, depth {}, {} inputs, samples {})",
                           to_string(network.family()), network.width(0), network.depth(), k.ensemble.inputs.size(),
                           k.ensemble.samples);
      });
  bind_to_dataframe(bound,
                    "A row for each pair (i, j) with mean, spread and cosine, their errors in columns that end in "
                    "_error, and what they are at infinite width.");
  bind_bytes(
      bound, [](const Kernel& k) { return to_bytes(k); }, kernel_from_bytes);
  module.def(
      "simulate_tangent_kernel",
      [](const Network& network, nb::handle inputs, nb::handle samples, nb::handle seed, nb::handle threads,
         nb::handle on_progress) {
        const TangentKernelOptions options{.samples = whole_number("samples", samples),
                                           .seed = whole_number("seed", seed),
                                           .threads = thread_count(threads)};
        const auto rows = to_rows(inputs);
        return watched(on_progress, [&](const Progress& progress) {
          return compare_tangent_kernel(simulate_tangent_kernel(network, options, rows, progress));
        });
      },
      nb::arg("network"), nb::arg("inputs"), nb::arg("samples"), nb::arg("seed"), nb::arg("threads"),
      nb::arg("on_progress").none());
  module.def(
      "infinite_width_tangent_correlation", &infinite_width_tangent_correlation, nb::arg("network"), nb::arg("rho"),
      "Theta_ij/sqrt(Theta_ii Theta_jj) of the neural tangent kernel at two inputs of cosine rho, at infinite width. "
      "Cost: O(depth branch_depth). Raises ValueError unless -1 <= rho <= 1. Source: docs/theory.md, 'The tangent "
      "kernel "
      "at several inputs'.");
}

}  // namespace initlaw::python
