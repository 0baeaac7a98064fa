#include <fmt/core.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <functional>

#include "bindings.hpp"
#include "distribution.hpp"

namespace initlaw::python {
namespace {

const LawKind& kind_of(std::string_view title) {
  const auto kinds = law_kinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const LawKind& kind) { return kind.title == title; });
  if (found == kinds.end()) throw std::invalid_argument(fmt::format("kind: '{}' is no law's", title));
  return *found;
}

using MakeLaw = Law (*)(const Network&, const Input&);

LawOfNetwork make(const LawKind& kind, MakeLaw make_law, const Network& network, nb::handle input_object) {
  const Input input = to_input(input_object);
  const nb::gil_scoped_release release;
  return {kind, network, input, make_law(network, input)};
}

std::vector<LawOfNetwork> all(const Network& network, nb::handle input_object) {
  const Input input = to_input(input_object);
  const nb::gil_scoped_release release;
  std::vector<LawOfNetwork> found;
  for (const auto& [kind, law] : laws(network, input)) found.push_back({kind, network, input, law});
  return found;
}

/// The law of one output, which keeps its parent for pickling.
struct NamedOutputLaw {
  LawOfNetwork parent;
  OutputLaw law;
};

bool equal(const LawOfNetwork& a, const LawOfNetwork& b) {
  return a.kind.key == b.kind.key && a.network == b.network && a.input == b.input;
}

nb::tuple state_of(const LawOfNetwork& law) {
  return nb::make_tuple(std::string(law.kind.title), law.network, from_input(law.input, law.network));
}

LawOfNetwork from_state(const nb::tuple& state) {
  const LawKind& kind = kind_of(nb::cast<std::string>(state[0]));
  return make(kind, kind.make, nb::cast<Network>(state[1]), state[2]);
}

std::size_t hash_of(const LawOfNetwork& law) {
  return std::hash<std::string>()(std::string(law.kind.key) + to_json(law.network));
}

}  // namespace

void bind_law(nb::module_& module) {
  using L = LawOfNetwork;
  using O = NamedOutputLaw;

  nb::class_<O> output_law(
      module, "OutputLaw",
      "The law of one component z of z_out, given that the network is alive: symmetric around 0. Functions take a "
      "number or an array, and are those of scipy.stats' frozen distributions; var() counts dead networks as 0.");
  bind_distribution(output_law, [](const O& o) -> const OutputLaw& { return o.law; });
  output_law
      .def_prop_ro(
          "excess_kurtosis", [](const O& o) { return o.law.excess_kurtosis(); },
          "E z^4/(E z^2)^2 - 3, dead networks counted as 0; inf if no double holds it.")
      .def(
          "__eq__", [](const O& a, const O& b) { return equal(a.parent, b.parent); }, nb::is_operator(),
          nb::sig(kEqualSig))
      .def("__hash__", [](const O& o) { return hash_of(o.parent); })
      .def("__repr__",
           [](const O& o) {
             return fmt::format("OutputLaw({}: var {:.6g}, excess kurtosis {:.6g})", o.parent.kind.title,
                                o.law.variance(), o.law.excess_kurtosis());
           })
      .def(
          "__getstate__", [](const O& o) { return state_of(o.parent); }, nb::sig(kGetStateSig))
      .def(
          "__setstate__",
          [](O& o, const nb::tuple& state) {
            LawOfNetwork parent = from_state(state);
            const OutputLaw law = parent.law.output();
            new (&o) O{std::move(parent), law};
          },
          nb::sig(kSetStateSig));

  nb::class_<L> law(
      module, "Law",
      "The law of ln||z_out||^2 for a network that is alive. Functions take a number or an array, and are "
      "those of scipy.stats' frozen distributions. Relative errors are below 1e-10.");
  bind_distribution(law, [](const L& l) -> const Law& { return l.law; });
  law.def_prop_ro(
         "kind", [](const L& l) { return std::string(l.kind.title); }, "'log-Gaussian', 'Gaussian' or 'exact'.")
      .def_ro("network", &L::network, "The network whose law it is.")
      .def_prop_ro(
          "input", [](const L& l) { return from_input(l.input, l.network); },
          nb::sig("def input(self) -> numpy.typing.NDArray[numpy.float64] | None"),
          "The input, shape (inputs,); None if none was given and its norm is 1.")
      .def_prop_ro(
          "second_moment", [](const L& l) { return l.law.second_moment(); },
          "E||z_out||^2/n_out, dead networks counted as 0.")
      .def_prop_ro(
          "log_second_moment", [](const L& l) { return l.law.log_second_moment(); },
          "ln of second_moment, also where that overflows.")
      .def_prop_ro(
          "dead_probability", [](const L& l) { return l.law.dead_probability(); }, "P(z_out = 0).")
      .def_prop_ro(
          "outputs", [](const L& l) { return l.law.outputs(); }, "n_out, the length of z_out.")
      .def_prop_ro(
          "output",
          [](const L& l) {
            return O{l, l.law.output()};
          },
          "The law of one output.")
      .def(
          "__eq__", [](const L& a, const L& b) { return equal(a, b); }, nb::is_operator(), nb::sig(kEqualSig))
      .def("__hash__", &hash_of)
      .def("__repr__",
           [](const L& l) {
             return fmt::format("Law({}: mean {:.6g}, var {:.6g}, outputs {})", l.kind.title, l.law.mean(),
                                l.law.variance(), l.law.outputs());
           })
      .def("_repr_html_",
           [](const L& l) {
             std::string html = fmt::format(
                 "<table><caption>ln||z_out||<sup>2</sup>, {}</caption><tr><th>mean</th><th>var</th>", l.kind.title);
             constexpr double kProbabilities[] = {0.01, 0.05, 0.5, 0.95, 0.99};
             for (const double p : kProbabilities) html += fmt::format("<th>{}%</th>", 100 * p);
             html += fmt::format("</tr><tr><td>{:.5g}</td><td>{:.5g}</td>", l.law.mean(), l.law.variance());
             for (const double p : kProbabilities) html += fmt::format("<td>{:.5g}</td>", l.law.quantile(p));
             return html + "</tr></table>";
           })
      .def("__getstate__", &state_of, nb::sig(kGetStateSig))
      .def(
          "__setstate__", [](L& l, const nb::tuple& state) { new (&l) L(from_state(state)); }, nb::sig(kSetStateSig));

  const auto def_law = [&](const char* name, const char* title, const char* doc, MakeLaw make_law = nullptr) {
    const LawKind& kind = kind_of(title);
    if (!make_law) make_law = kind.make;
    module.def(
        name,
        [kind, make_law](const Network& network, nb::handle input) { return make(kind, make_law, network, input); },
        nb::arg("network"), nb::arg("input").none() = nb::none(),
        nb::sig(
            fmt::format("def {}(network: Network, input: numpy.typing.ArrayLike | None = None) -> Law", name).c_str()),
        doc);
  };
  def_law(
      "infinite_depth_and_width", "log-Gaussian",
      "The log-Gaussian limit of ln||z_out||^2: depth and width to infinity with d/n fixed (Li, Nica, Roy 2021, "
      "theorem 3.1; docs/theory.md). `input` has shape (inputs,). By default its norm is 1, whatever its length: then "
      "||x||^2/n_in is 1/inputs, and not 1 as of standard normal components, and ln||z_out||^2 is ln(inputs) smaller. "
      "Cost: O(depth) if all layers are alike, else O(depth^2) at most. Raises ValueError if the input's length is "
      "wrong.");
  def_law(
      "finite_width", "finite-width",
      "The law of ln||z_out||^2 at finite width: the log-Gaussian limit and the next order in 1/n, with a third "
      "cumulant (docs/finite-width-law.md). Arguments as infinite_depth_and_width. Cost: O(depth k), k <= depth the "
      "number of layers over which correlations last. Raises ValueError if the network is too narrow for it.");
  def_law("infinite_width", "Gaussian",
          "The Gaussian limit of ln||z_out||^2: infinite width at fixed depth (Neal 1996; Lee et al. 2018). Cost: "
          "O(depth). Arguments as infinite_depth_and_width.");
  def_law("exact_fully_connected", "exact",
          "The exact law of a ReLU network without skip path, given that it is alive, at its finite widths "
          "(docs/theory.md, 'The exact law of the fully connected net'). Arguments as infinite_depth_and_width. Cost: "
          "O(min(width, 20 sqrt(width))) gamma functions for each of some hundred frequencies and each distinct width. "
          "Raises ValueError unless has_exact_law(network).",
          exact_fully_connected);
  def_law(
      "exact_linear_first", "exact",
      "The exact law of a network of linear-first branches with ReLUs of any leak, without normalization, with "
      "Gaussian weights, neither alpha nor lambda 0 (docs/architectures.md). Arguments as infinite_depth_and_width. "
      "Cost: some 0.7 s at width 100, 12 s at 10^5, for each pair of alpha and lambda that layers have. Raises "
      "ValueError for other networks.",
      exact_linear_first);
  module.def("laws", &all, nb::arg("network"), nb::arg("input").none() = nb::none(),
             nb::sig("def laws(network: Network, input: numpy.typing.ArrayLike | None = None) -> list[Law]"),
             "The laws of ln||z_out||^2 that exist for the network, each of its own `kind`. Cost: that of all of them. "
             "Arguments as infinite_depth_and_width.");
  module.def("has_exact_law", &has_exact_law, nb::arg("network"),
             "Whether exact_fully_connected knows the network's law: ReLU, and alpha = 0 in every layer.");

  // Of normalized branches it is the input that says how much they add.
  const auto input_sig = [](const char* name, const char* arguments, const char* result) {
    return fmt::format("def {}(network: Network, {}input: numpy.typing.ArrayLike | None = None) -> {}", name, arguments,
                       result);
  };
  const auto def_profile = [&](const char* name, std::vector<double> (*function)(const Network&, const Input&),
                               const char* doc) {
    module.def(
        name,
        [function](const Network& network, nb::handle input) { return to_array(function(network, to_input(input))); },
        nb::arg("network"), nb::arg("input").none() = nb::none(),
        nb::sig(input_sig(name, "", "numpy.typing.NDArray[numpy.float64]").c_str()), doc);
  };
  def_profile(
      "hypoactivation", hypoactivation,
      "h_l = lim n E[S_l] with S_l = ||phi(z_l)||^2/||z_l||^2 - 1, l = 0..d-1; shape (depth,). Below 0: fewer than "
      "half of the ReLUs are active (Li, Nica, Roy 2021, section 3). Cost: as infinite_depth_and_width.");
  def_profile("active_fraction", active_fraction,
              "P(s z > 0) of a neuron of layer l = 0..d-1, to order 1/n; shape (depth,). Cost: as "
              "infinite_depth_and_width. Source: docs/theory.md, 'The log-Gaussian limit'.");
  module.def(
      "interlayer_covariance",
      [](const Network& network, nb::handle m, nb::handle l, nb::handle input) {
        return interlayer_covariance(network, whole_number("m", m), whole_number("l", l), to_input(input));
      },
      nb::arg("network"), nb::arg("m"), nb::arg("l"), nb::arg("input").none() = nb::none(),
      nb::sig(input_sig("interlayer_covariance", "m: int, l: int, ", "float").c_str()),
      "lim n Cov(S_m, S_l) for 0 <= m, l < depth (Li, Nica, Roy 2021, section 3). Cost: O(|l - m|). Raises ValueError "
      "outside.");
  module.def(
      "mean_interlayer_covariance",
      [](const Network& network, nb::handle lag, nb::handle input) {
        return mean_interlayer_covariance(network, whole_number("lag", lag), to_input(input));
      },
      nb::arg("network"), nb::arg("lag"), nb::arg("input").none() = nb::none(),
      nb::sig(input_sig("mean_interlayer_covariance", "lag: int, ", "float").c_str()),
      "The mean over m of lim n Cov(S_m, S_{m+lag}), 0 <= lag < depth. Cost: O(lag) if all layers are alike, else "
      "O(depth lag). Raises ValueError outside.");
  module.def(
      "log_gaussian_growth_by_layer",
      [](const Network& network, nb::handle input) {
        std::vector<double> mean, variance;
        for (const LogNormGrowth& G : log_gaussian_growth_by_layer(network, to_input(input))) {
          mean.push_back(G.mean);
          variance.push_back(G.variance);
        }
        return nb::make_tuple(to_array(std::move(mean)), to_array(std::move(variance)));
      },
      nb::arg("network"), nb::arg("input").none() = nb::none(),
      nb::sig(input_sig("log_gaussian_growth_by_layer", "",
                        "tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]")
                  .c_str()),
      "Mean and variance of ln(||z_l||^2/n) - ln(||x||^2/n_in), l = 0..d, in the limit; two arrays of shape (depth + "
      "1,). Cost and source: as infinite_depth_and_width.");
  const auto order_of = [](nb::handle object) {
    const std::size_t order = whole_number("order", object);
    if (order < 1 || order > 3) throw std::invalid_argument(fmt::format("order: {} is out of range [1, 3]", order));
    return static_cast<FiniteWidthOrder>(static_cast<int>(FiniteWidthOrder::kFirst) + static_cast<int>(order) - 1);
  };
  module.def(
      "log_norm_cumulants",
      [order_of](const Network& network, nb::handle order) {
        const LogNormCumulants G = log_norm_cumulants(network, order_of(order));
        return to_array(std::vector<double>{G.mean, G.variance, G.third, G.fourth});
      },
      nb::arg("network"), nb::arg("order") = 2,
      nb::sig("def log_norm_cumulants(network: Network, order: int = 2) -> numpy.typing.NDArray[numpy.float64]"),
      "The first four cumulants of ln(||z_d||^2/n) - ln(||x||^2/n_in) up to 1/n^order, order 1 to 3: mean, variance, "
      "third, fourth; shape (4,). Of the last two the third begins at order 2, the fourth at order 3. Cost: as "
      "finite_width; the third order is numerical. Raises ValueError for other orders. Source: "
      "docs/finite-width-law.md.");
  module.def(
      "log_norm_cumulants_by_layer",
      [order_of](const Network& network, nb::handle order) {
        std::vector<double> values;
        const auto cumulants = log_norm_cumulants_by_layer(network, order_of(order));
        for (const LogNormCumulants& G : cumulants)
          values.insert(values.end(), {G.mean, G.variance, G.third, G.fourth});
        return to_array(std::move(values), {cumulants.size(), 4});
      },
      nb::arg("network"), nb::arg("order") = 2,
      nb::sig("def log_norm_cumulants_by_layer(network: Network, order: int = 2) -> "
              "numpy.typing.NDArray[numpy.float64]"),
      "log_norm_cumulants for each layer l = 0..d; shape (depth + 1, 4). The last row is log_norm_cumulants. Cost, "
      "errors and source: as there.");
  module.def(
      "layer_activity",
      [](const Network& network) {
        std::vector<double> hypoactivation, active_fraction;
        for (const LayerActivity& layer : layer_activity(network)) {
          hypoactivation.push_back(layer.hypoactivation);
          active_fraction.push_back(layer.active_fraction);
        }
        return nb::make_tuple(to_array(std::move(hypoactivation)), to_array(std::move(active_fraction)));
      },
      nb::arg("network"),
      nb::sig("def layer_activity(network: Network) -> tuple[numpy.typing.NDArray[numpy.float64], "
              "numpy.typing.NDArray[numpy.float64]]"),
      "n E[S_l] and P(s z_l > 0) at finite width, l = 0..d-1, to two orders in 1/n beyond hypoactivation and "
      "active_fraction; two arrays of shape (depth,). nan where the network is too narrow for the expansion. Cost: as "
      "the third order of log_norm_cumulants. Source: docs/finite-width-law.md.");
}

}  // namespace initlaw::python
