#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>

#include <optional>
#include <string>
#include <utility>

#include "bindings.hpp"
#include "network/from_string.hpp"
#include "result/json.hpp"
#include "result/text.hpp"
#include "watched.hpp"

namespace initlaw::python {
namespace {

/// A result as the JSON and the text of which Python makes a value.
using Report = std::pair<std::string, std::string>;

template <typename Result>
Report report_of(const Result& result) {
  return {to_json(result), to_text(result)};
}

Report regime_in_python(const Network& network, nb::handle input_object, bool gradients) {
  const Input input = to_input(input_object);
  const nb::gil_scoped_release release;
  return report_of(regime(network, input, gradients));
}

Target target_of(const std::string& quantity, double at_most, double limit,
                 const std::optional<std::string>& gradients) {
  const auto target = [&] {
    switch (from_string<Quantity>("quantity", quantity)) {
      case Quantity::kVariance:
        return Target::variance(at_most);
      case Quantity::kQuantileRatio:
        return Target::quantile_ratio(at_most);
      case Quantity::kOverflow:
        return Target::overflow(limit, at_most);
      case Quantity::kUnderflow:
        return Target::underflow(limit, at_most);
      default:
        return Target::ks_to_gaussian(at_most);
    }
  }();
  return gradients ? target.of_gradient(from_string<OutputDirection>("gradients", *gradients)) : target;
}

Report design_in_python(const Network& network, nb::handle input_object, const std::string& find,
                        const std::string& quantity, double at_most, double limit,
                        const std::optional<std::string>& gradients, std::optional<double> from,
                        std::optional<double> to) {
  const Input input = to_input(input_object);
  const auto parameter = from_string<Parameter>("find", find);
  const Target target = target_of(quantity, at_most, limit, gradients);
  const Range range = default_range(network, parameter);
  const nb::gil_scoped_release release;
  return report_of(design(network, parameter, target, input, {from.value_or(range.from), to.value_or(range.to)}));
}

Report verify_in_python(const Network& network, nb::handle input_object, const std::string& quantity, double at_most,
                        double limit, const std::optional<std::string>& gradients, nb::handle samples, nb::handle seed,
                        nb::handle threads, nb::handle on_progress) {
  const Input input = to_input(input_object);
  const Target target = target_of(quantity, at_most, limit, gradients);
  const VerificationOptions options{.samples = whole_number("samples", samples),
                                    .seed = whole_number("seed", seed),
                                    .threads = thread_count(threads)};
  return report_of(watched(
      on_progress, [&](const Progress& progress) { return verify(network, target, options, input, progress); }));
}

}  // namespace

void bind_design(nb::module_& module) {
  module.def("regime", &regime_in_python, nb::arg("network"), nb::arg("input").none(), nb::arg("gradients"));
  module.def("design", &design_in_python, nb::arg("network"), nb::arg("input").none(), nb::arg("find"),
             nb::arg("quantity"), nb::arg("at_most"), nb::arg("limit"), nb::arg("gradients").none(),
             nb::arg("from_").none(), nb::arg("to").none());
  module.def("verify", &verify_in_python, nb::arg("network"), nb::arg("input").none(), nb::arg("quantity"),
             nb::arg("at_most"), nb::arg("limit"), nb::arg("gradients").none(), nb::arg("samples"), nb::arg("seed"),
             nb::arg("threads"), nb::arg("on_progress").none());
}

}  // namespace initlaw::python
