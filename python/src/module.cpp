#include <fmt/core.h>

#include <cmath>
#include <limits>

#include "bindings.hpp"

namespace initlaw::python {

Array to_array(std::vector<double> numbers, const std::vector<std::size_t>& shape) {
  auto* owned = new std::vector<double>(std::move(numbers));
  const nb::capsule owner(owned, [](void* p) noexcept { delete static_cast<std::vector<double>*>(p); });
  return {owned->data(), shape.size(), shape.data(), owner};
}

Array to_array(std::vector<double> numbers) {
  const std::size_t size = numbers.size();
  return to_array(std::move(numbers), {size});
}

std::uint64_t whole_number(const char* argument, nb::handle number) {
  if (PyFloat_Check(number.ptr())) {
    const auto value = nb::cast<double>(number);
    if (value >= 0 && value < 0x1p63 && value == std::floor(value)) return static_cast<std::uint64_t>(value);
  } else if (PyIndex_Check(number.ptr())) {
    const nb::int_ value(number);
    if (!(value < nb::int_(0)) && value < nb::int_(std::numeric_limits<std::uint64_t>::max())) {
      return nb::cast<std::uint64_t>(value);
    }
  }
  const auto text = nb::cast<std::string>(nb::repr(number));
  throw std::invalid_argument(fmt::format("{}: {} is not a whole number that is not negative", argument, text));
}

nb::object estimate_of(const Estimate& estimate) {
  return nb::module_::import_("initlaw._estimate").attr("Estimate")(estimate.value, estimate.std_error);
}

nb::object estimates_of(const std::vector<Estimate>& estimates, const std::vector<std::size_t>& shape) {
  std::vector<double> values, errors;
  for (const auto& [value, error] : estimates) {
    values.push_back(value);
    errors.push_back(error);
  }
  return nb::module_::import_("initlaw._estimate")
      .attr("Estimates")(to_array(std::move(values), shape), to_array(std::move(errors), shape));
}

nb::object estimates_of(std::size_t size, const std::function<Estimate(std::size_t)>& estimate) {
  std::vector<Estimate> estimates;
  for (std::size_t i = 0; i < size; ++i) estimates.push_back(estimate(i));
  return estimates_of(estimates, {size});
}

std::string estimate_sig(const std::string& name) { return fmt::format("def {}(self) -> {}", name, kEstimate); }

std::string estimates_sig(const std::string& name) {
  return fmt::format("def {}(self) -> initlaw._estimate.Estimates", name);
}

Input to_input(nb::handle input) {
  if (input.is_none()) return {};
  const nb::object array = nb::module_::import_("numpy").attr("ascontiguousarray")(input, "float64");
  const auto numbers = nb::cast<nb::ndarray<const double, nb::c_contig, nb::device::cpu>>(array);
  if (numbers.ndim() != 1) throw std::invalid_argument("input: must have one dimension");
  return Input(std::vector<double>(numbers.data(), numbers.data() + numbers.size()));
}

nb::object from_input(const Input& input, const Network& network) {
  return input.size() == 0 ? nb::object(nb::none()) : nb::cast(to_array(input.values(network)));
}

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

void require_same(const Network& law, const Network& simulated) {
  const auto ours = nlohmann::ordered_json::parse(to_json(law)),
             theirs = nlohmann::ordered_json::parse(to_json(simulated));
  for (const auto& [key, value] : ours.items()) {
    if (value == theirs[key]) continue;
    throw std::invalid_argument(fmt::format("law: its network has {} {}, the simulated one {}; they must be the same",
                                            key, value.dump(), theirs[key].dump()));
  }
}

}  // namespace initlaw::python

NB_MODULE(_core, module) {
  module.doc() = "The C++ library initlaw.";
  module.def("version", [] { return std::string(initlaw::version()); });
  initlaw::python::bind_network(module);
  initlaw::python::bind_law(module);
  initlaw::python::bind_gradients(module);
  initlaw::python::bind_ensemble(module);
  initlaw::python::bind_several_inputs(module);
  initlaw::python::bind_tangent_kernel(module);
  initlaw::python::bind_design(module);
}
