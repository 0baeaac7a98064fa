#include <fmt/core.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "comparison/changed_network.hpp"

namespace initlaw::python {
namespace {

using Json = nlohmann::ordered_json;

/// A field's value as it stands in a network document, whose rules then judge it.
Json to_json_value(nb::handle value) {
  if (PyBool_Check(value.ptr())) return nb::cast<bool>(value);
  if (PyUnicode_Check(value.ptr())) return nb::cast<std::string>(value);
  if (nb::hasattr(value, "__len__") && nb::isinstance<nb::iterable>(value)) {
    Json list = Json::array();
    for (const nb::handle element : nb::iter(value)) list.push_back(to_json_value(element));
    return list;
  }
  if (PyFloat_Check(value.ptr())) return nb::cast<double>(value);
  if (PyIndex_Check(value.ptr())) return nb::cast<std::int64_t>(nb::int_(value));
  if (nb::hasattr(value, "__float__")) return nb::cast<double>(nb::float_(value));
  return nb::cast<std::string>(nb::repr(value));
}

/// Python's name of a field whose name in a document is a keyword of Python's.
constexpr std::string_view kLambda = "lambda_";

Json to_document(const nb::kwargs& fields) {
  Json document = Json::object();
  for (const auto& [key, value] : fields) {
    const auto name = nb::cast<std::string>(key);
    document[name == kLambda ? "lambda" : name] = to_json_value(value);
  }
  return document;
}

Network network_from(const nb::kwargs& fields) { return network_from_json(to_document(fields).dump()); }

Network replace(const Network& network, const nb::kwargs& fields) { return changed(network, to_document(fields)); }

/// A property that is one of an enumeration's names.
template <auto Architecture::*field>
std::string name_of(const Network& network) {
  return std::string(to_string(network.architecture().*field));
}

nb::object from_schedule(const Schedule& schedule) {
  if (schedule.is_constant()) return nb::float_(schedule.values()[0]);
  return nb::cast(to_array(schedule.values()));
}

nb::object from_widths(const Widths& widths) {
  if (widths.is_constant()) return nb::int_(widths.values()[0]);
  return nb::cast(widths.values());
}

std::string repr(const Network& network) {
  const auto document = nlohmann::ordered_json::parse(to_json(network));
  std::string text = "Network(";
  for (const auto& [key, value] : document.items()) {
    text += fmt::format("{}{}={}", text.ends_with('(') ? "" : ", ", key == "lambda" ? kLambda : key, value.dump());
  }
  return text + ")";
}

}  // namespace

void bind_network(nb::module_& module) {
  nb::class_<Network>(
      module, "Network",
      "A random network at initialization; immutable. Made by fully_connected, vanilla, balanced, stable, "
      "network_from_json and network_from_toml.")
      .def_prop_ro(
          "family", [](const Network& n) { return std::string(to_string(n.family())); },
          "'fully-connected', 'vanilla', 'balanced' or 'stable'.")
      .def_prop_ro(
          "width", [](const Network& n) { return from_widths(n.widths()); },
          nb::sig("def width(self) -> int | list[int]"), "Neurons in each hidden layer, or in each of z_0, ..., z_d.")
      .def_prop_ro("depth", &Network::depth, "Number of residual layers d.")
      .def_prop_ro("inputs", &Network::inputs,
                   "Length of the input, whose norm is 1 by default: ||x||^2/inputs is then 1/inputs.")
      .def_prop_ro("outputs", &Network::outputs, "Length of the output.")
      .def_prop_ro(
          "alpha", [](const Network& n) { return from_schedule(n.alphas()); },
          nb::sig("def alpha(self) -> float | numpy.typing.NDArray[numpy.float64]"), "Skip scale, one or one a layer.")
      .def_prop_ro(
          "lambda_", [](const Network& n) { return from_schedule(n.lambdas()); },
          nb::sig("def lambda_(self) -> float | numpy.typing.NDArray[numpy.float64]"),
          "Residual scale, one or one a layer; of a stable ResNet before the division by sqrt(depth).")
      .def_prop_ro("leak", &Network::leak, "Slope of the activation's negative side.")
      .def_prop_ro("flip", &Network::flip, "Probability that a neuron's sign flips from layer to layer.")
      .def_prop_ro("branch_depth", &Network::branch_depth, "Weight layers in a residual branch.")
      .def_prop_ro("branch", &name_of<&Architecture::branch>, "'activation-first' or 'linear-first'.")
      .def_prop_ro("branch_width", &Network::branch_width, "Neurons inside a branch.")
      .def_prop_ro("norm", &name_of<&Architecture::norm>, "'none', 'pre' or 'final'.")
      .def_prop_ro("activation", &name_of<&Architecture::activation>,
                   "'leaky-relu' (with its leak: 0 is ReLU), 'gelu', 'silu', 'tanh' or 'erf'.")
      .def_prop_ro("weights", &name_of<&Architecture::weights>, "'gaussian', 'orthogonal' or 'uniform'.")
      .def_prop_ro("input_layer", &name_of<&Architecture::input_layer>, "'gaussian' or 'orthogonal'.")
      .def_prop_ro("asymmetry", &Network::asymmetry, "(1 - leak^2)/(1 + leak^2).")
      .def(
          "replace", &replace, nb::arg("fields"),
          nb::sig("def replace(self, *, family: str = ..., width: int | collections.abc.Sequence[int] = ..., "
                  "depth: int = ..., inputs: int = ..., outputs: int = ..., "
                  "alpha: float | collections.abc.Sequence[float] = ..., "
                  "lambda_: float | collections.abc.Sequence[float] = ..., leak: float = ..., flip: float = ..., "
                  "branch_depth: int = ..., branch: str = ..., branch_width: int = ..., norm: str = ..., "
                  "activation: str = ..., weights: str = ..., input_layer: str = ...) -> Network"),
          "The same network with other values of the fields that are given. Raises ValueError naming the field that is "
          "wrong. lambda_ of a stable ResNet is its residual_scale. With another branch or activation come the "
          "branch_depth "
          "and the leak that it has by default.")
      .def(
          "to_json", [](const Network& n) { return to_json(n); }, "The network as a JSON object.")
      .def(
          "to_toml", [](const Network& n) { return to_toml(n); }, "The network as a TOML document.")
      .def(
          "__eq__", [](const Network& a, const Network& b) { return a == b; }, nb::is_operator(), nb::sig(kEqualSig))
      .def("__hash__", [](const Network& n) { return std::hash<std::string>()(to_json(n)); })
      .def("__repr__", repr)
      .def("__getstate__", [](const Network& n) { return to_json(n); })
      .def("__setstate__", [](Network& n, const std::string& json) { new (&n) Network(network_from_json(json)); });

  module.def("network", &network_from, nb::arg("fields"), nb::sig("def network(**fields: object) -> Network"));
  module.def("network_from_json", &network_from_json, nb::arg("text"),
             "The network that a JSON object describes. Raises ValueError naming the key that is wrong.");
  module.def("network_from_toml", &network_from_toml, nb::arg("text"),
             "The network that a TOML document describes. Raises ValueError naming the key or line that is wrong.");
  module.def(
      "read_input",
      [](const std::filesystem::path& file, nb::handle row) {
        const Input input = read_input(file, whole_number("row", row));
        // Any network that takes it.
        return to_array(input.values(vanilla({.width = 1, .depth = 1, .inputs = input.size()})));
      },
      nb::arg("file"), nb::arg("row") = 0,
      nb::sig("def read_input(file: str | os.PathLike[str], row: int = 0) -> numpy.typing.NDArray[numpy.float64]"),
      "Row `row` of a CSV or .npy file, which may be gzipped; shape (columns,). Cost: one pass over the file. Raises "
      "ValueError with file, line and reason.");
}

}  // namespace initlaw::python
