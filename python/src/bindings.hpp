#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "initlaw/initlaw.hpp"

namespace initlaw::python {

namespace nb = nanobind;

using Array = nb::ndarray<nb::numpy, double>;

/// A NumPy array that owns the numbers, of the given shape, or of one dimension.
Array to_array(std::vector<double> numbers, const std::vector<std::size_t>& shape);
Array to_array(std::vector<double> numbers);

/// A function of a number, applied to each element of anything that NumPy makes an array of. Gives an array of the same
/// shape, or a float if it has none.
template <typename Function>
nb::object map(nb::handle argument, const Function& function);

/// A number that must be whole and not negative. Raises ValueError naming the argument if it is not.
std::uint64_t whole_number(const char* argument, nb::handle number);

/// initlaw.Estimate(value, std_error).
nb::object estimate_of(const Estimate& estimate);

/// initlaw.Estimates(value, std_error), two arrays of the given shape, or of one dimension.
nb::object estimates_of(const std::vector<Estimate>& estimates, const std::vector<std::size_t>& shape);
nb::object estimates_of(std::size_t size, const std::function<Estimate(std::size_t)>& estimate);

/// Signatures of properties that are these.
std::string estimate_sig(const std::string& name);
std::string estimates_sig(const std::string& name);

/// What Python passes for an input: None, or numbers.
Input to_input(nb::handle input);
nb::object from_input(const Input& input, const Network& network);
/// The rows of anything that NumPy makes an array of two dimensions of.
std::vector<std::vector<double>> to_rows(nb::handle inputs);

/// Gives a class the method to_dataframe().
template <typename C>
void bind_to_dataframe(nb::class_<C>& bound, const char* doc);

/// A law that knows where it comes from, so that it can be pickled and compared.
struct LawOfNetwork {
  LawKind kind;
  Network network;
  Input input;
  Law law;
};

struct GradientLawOfNetwork {
  Network network;
  OutputDirection direction;
  GradientLaw law;
};

/// An ensemble's gradients, with the ensemble, which says of which network they are.
struct GradientsOfEnsemble {
  std::shared_ptr<const Ensemble> ensemble;
  const Gradients& gradients() const { return *ensemble->gradients; }
};

/// Throws std::invalid_argument that names the first field in which a law's network differs from that of a simulation.
void require_same(const Network& law, const Network& simulated);

/// The signature of a comparison: nb::is_operator() makes it take anything.
inline constexpr const char* kEqualSig = "def __eq__(self, other: object, /) -> bool";

/// Of pickling by what a thing is made from.
inline constexpr const char* kGetStateSig = "def __getstate__(self) -> tuple[object, ...]";
inline constexpr const char* kSetStateSig = "def __setstate__(self, state: tuple[object, ...], /) -> None";

inline constexpr const char* kEstimate = "initlaw._estimate.Estimate";

void bind_network(nb::module_& module);
void bind_law(nb::module_& module);
void bind_gradients(nb::module_& module);
void bind_ensemble(nb::module_& module);
void bind_several_inputs(nb::module_& module);
void bind_tangent_kernel(nb::module_& module);
void bind_design(nb::module_& module);

template <typename C>
void bind_to_dataframe(nb::class_<C>& bound, const char* doc) {
  bound.def(
      "to_dataframe",
      [](nb::handle self) { return nb::module_::import_("initlaw._dataframe").attr("to_dataframe")(self); },
      nb::sig("def to_dataframe(self) -> pandas.DataFrame"), doc);
}

template <typename Function>
nb::object map(nb::handle argument, const Function& function) {
  const nb::object array = nb::module_::import_("numpy").attr("ascontiguousarray")(argument, "float64");
  const auto numbers = nb::cast<nb::ndarray<const double, nb::c_contig, nb::device::cpu>>(array);
  std::vector<double> results(numbers.size());
  {
    const nb::gil_scoped_release release;
    for (std::size_t i = 0; i < results.size(); ++i) results[i] = function(numbers.data()[i]);
  }
  // ascontiguousarray makes a dimension of none.
  if (nb::cast<std::size_t>(nb::module_::import_("numpy").attr("ndim")(argument)) == 0) return nb::float_(results[0]);
  std::vector<std::size_t> shape;
  for (std::size_t k = 0; k < numbers.ndim(); ++k) shape.push_back(numbers.shape(k));
  return nb::cast(to_array(std::move(results), shape));
}

}  // namespace initlaw::python
