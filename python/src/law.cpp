#include <fmt/core.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "bindings.hpp"

namespace initlaw::python {
namespace {

const LawKind& kind_of(std::string_view title) {
  const auto kinds = law_kinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const LawKind& kind) { return kind.title == title; });
  if (found == kinds.end()) throw std::invalid_argument(fmt::format("kind: '{}' is no law's", title));
  return *found;
}

LawOfNetwork make(const LawKind& kind, const Network& network, nb::handle input_object) {
  const Input input = to_input(input_object);
  const nb::gil_scoped_release release;
  return {kind, network, input, kind.make(network, input)};
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

std::vector<std::size_t> shape_of(nb::handle size) {
  if (size.is_none()) return {};
  if (PyIndex_Check(size.ptr())) return {nb::cast<std::size_t>(nb::int_(size))};
  return nb::cast<std::vector<std::size_t>>(size);
}

nb::object rvs(const LawOfNetwork& law, nb::handle size, nb::handle seed_object) {
  const std::vector<std::size_t> shape = shape_of(size);
  std::size_t count = 1;
  for (const std::size_t n : shape) count *= n;
  const std::uint64_t seed = whole_number("seed", seed_object);
  std::vector<double> draws;
  {
    const nb::gil_scoped_release release;
    draws = law.law.sample(count, seed);
  }
  if (size.is_none()) return nb::float_(draws[0]);
  return nb::cast(to_array(std::move(draws), shape));
}

bool equal(const LawOfNetwork& a, const LawOfNetwork& b) {
  return a.kind.key == b.kind.key && a.network == b.network && a.input == b.input;
}

nb::tuple state_of(const LawOfNetwork& law) {
  return nb::make_tuple(std::string(law.kind.title), law.network, from_input(law.input, law.network));
}

LawOfNetwork from_state(const nb::tuple& state) {
  return make(kind_of(nb::cast<std::string>(state[0])), nb::cast<Network>(state[1]), state[2]);
}

constexpr const char* kElementwise = "(self, x: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float64] | float";

std::string signature(const char* name) { return fmt::format("def {}{}", name, kElementwise); }

}  // namespace

void bind_law(nb::module_& module) {
  using L = LawOfNetwork;
  using O = NamedOutputLaw;
  static const auto pdf = signature("pdf"), cdf = signature("cdf"), sf = signature("sf"), ppf = signature("ppf"),
                    isf = signature("isf"), quantile = signature("quantile"), survival = signature("survival");

  nb::class_<O>(
      module, "OutputLaw",
      "The law of one component z of z_out, given that the network is alive: symmetric around 0. Functions take a "
      "number or an array, and follow scipy.stats.")
      .def(
          "pdf", [](const O& o, nb::handle z) { return map(z, [&](double x) { return o.law.pdf(x); }); },
          nb::sig(pdf.c_str()), "Density.")
      .def(
          "cdf", [](const O& o, nb::handle z) { return map(z, [&](double x) { return o.law.cdf(x); }); },
          nb::sig(cdf.c_str()), "P(z <= x).")
      .def(
          "sf", [](const O& o, nb::handle z) { return map(z, [&](double x) { return o.law.survival(x); }); },
          nb::sig(sf.c_str()), "P(z > x), accurate where it is small.")
      .def(
          "ppf", [](const O& o, nb::handle p) { return map(p, [&](double x) { return o.law.quantile(x); }); },
          nb::sig(ppf.c_str()), "Quantile.")
      .def(
          "quantile", [](const O& o, nb::handle p) { return map(p, [&](double x) { return o.law.quantile(x); }); },
          nb::sig(quantile.c_str()), "The same as ppf.")
      .def(
          "mean", [](const O&) { return 0.0; }, "0, by symmetry.")
      .def(
          "var", [](const O& o) { return o.law.variance(); }, "E z^2, dead networks counted as 0.")
      .def(
          "std", [](const O& o) { return std::sqrt(o.law.variance()); }, "The square root of var().")
      .def(
          "excess_kurtosis", [](const O& o) { return o.law.excess_kurtosis(); },
          "E z^4/(E z^2)^2 - 3, dead networks counted as 0; inf if no double holds it.")
      .def(
          "__eq__", [](const O& a, const O& b) { return equal(a.parent, b.parent); }, nb::is_operator())
      .def("__repr__",
           [](const O& o) {
             return fmt::format("OutputLaw({}: var {:.6g}, excess kurtosis {:.6g})", o.parent.kind.title,
                                o.law.variance(), o.law.excess_kurtosis());
           })
      .def("__getstate__", [](const O& o) { return state_of(o.parent); })
      .def("__setstate__", [](O& o, const nb::tuple& state) {
        LawOfNetwork parent = from_state(state);
        const OutputLaw law = parent.law.output();
        new (&o) O{std::move(parent), law};
      });

  nb::class_<L>(module, "Law",
                "The law of ln||z_out||^2 for a network that is alive. Functions take a number or an array, and follow "
                "scipy.stats. Relative errors are below 1e-10.")
      .def_prop_ro(
          "kind", [](const L& l) { return std::string(l.kind.title); }, "'log-Gaussian', 'Gaussian' or 'exact'.")
      .def_ro("network", &L::network, "The network whose law it is.")
      .def(
          "pdf", [](const L& l, nb::handle x) { return map(x, [&](double y) { return l.law.pdf(y); }); },
          nb::sig(pdf.c_str()), "Density.")
      .def(
          "cdf", [](const L& l, nb::handle x) { return map(x, [&](double y) { return l.law.cdf(y); }); },
          nb::sig(cdf.c_str()), "P(X <= x).")
      .def(
          "sf", [](const L& l, nb::handle x) { return map(x, [&](double y) { return l.law.survival(y); }); },
          nb::sig(sf.c_str()), "P(X > x), accurate where it is small.")
      .def(
          "survival", [](const L& l, nb::handle x) { return map(x, [&](double y) { return l.law.survival(y); }); },
          nb::sig(survival.c_str()), "The same as sf.")
      .def(
          "ppf", [](const L& l, nb::handle p) { return map(p, [&](double y) { return l.law.quantile(y); }); },
          nb::sig(ppf.c_str()), "Quantile, for 0 < p < 1.")
      .def(
          "quantile", [](const L& l, nb::handle p) { return map(p, [&](double y) { return l.law.quantile(y); }); },
          nb::sig(quantile.c_str()), "The same as ppf.")
      .def(
          "isf", [](const L& l, nb::handle q) { return map(q, [&](double y) { return l.law.inverse_survival(y); }); },
          nb::sig(isf.c_str()), "The x with sf(x) = q, accurate for small q.")
      .def(
          "mean", [](const L& l) { return l.law.mean(); }, "E ln||z_out||^2, given that the network is alive.")
      .def(
          "var", [](const L& l) { return l.law.variance(); }, "Var ln||z_out||^2, given that the network is alive.")
      .def(
          "std", [](const L& l) { return std::sqrt(l.law.variance()); }, "The square root of var().")
      .def(
          "second_moment", [](const L& l) { return l.law.second_moment(); },
          "E||z_out||^2/n_out, dead networks counted as 0.")
      .def(
          "log_second_moment", [](const L& l) { return l.law.log_second_moment(); },
          "ln of second_moment(), also where that overflows.")
      .def(
          "dead_probability", [](const L& l) { return l.law.dead_probability(); }, "P(z_out = 0).")
      .def_prop_ro(
          "outputs", [](const L& l) { return l.law.outputs(); }, "n_out, the length of z_out.")
      .def(
          "output",
          [](const L& l) {
            return O{l, l.law.output()};
          },
          "The law of one output.")
      .def("rvs", &rvs, nb::arg("size").none() = nb::none(), nb::arg("seed") = 1,
           nb::sig("def rvs(self, size: int | tuple[int, ...] | None = None, seed: int = 1) -> "
                   "numpy.typing.NDArray[numpy.float64] | float"),
           "Independent draws, which depend on the seed alone.")
      .def(
          "__eq__", [](const L& a, const L& b) { return equal(a, b); }, nb::is_operator())
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
      .def("__getstate__", &state_of)
      .def("__setstate__", [](L& l, const nb::tuple& state) { new (&l) L(from_state(state)); });

  const auto def_law = [&](const char* name, const char* title, const char* doc) {
    module.def(
        name, [kind = kind_of(title)](const Network& network, nb::handle input) { return make(kind, network, input); },
        nb::arg("network"), nb::arg("input").none() = nb::none(),
        nb::sig(
            fmt::format("def {}(network: Network, input: numpy.typing.ArrayLike | None = None) -> Law", name).c_str()),
        doc);
  };
  def_law(
      "infinite_depth_and_width", "log-Gaussian",
      "The log-Gaussian limit of ln||z_out||^2: depth and width to infinity with d/n fixed (Li, Nica, Roy 2021, "
      "theorem "
      "3.1). `input` has shape (inputs,); by default a vector of norm 1. Raises ValueError if its length is wrong.");
  def_law("infinite_width", "Gaussian",
          "The Gaussian limit of ln||z_out||^2: infinite width at fixed depth (Neal 1996; Lee et al. 2018). "
          "Arguments as infinite_depth_and_width.");
  def_law("exact_fully_connected", "exact",
          "The exact law of a ReLU network without skip path, given that it is alive, at its finite widths "
          "(docs/theory.md, 'The exact law of the fully connected net'). Arguments as infinite_depth_and_width. Raises "
          "ValueError unless has_exact_law(network).");
  module.def("laws", &all, nb::arg("network"), nb::arg("input").none() = nb::none(),
             nb::sig("def laws(network: Network, input: numpy.typing.ArrayLike | None = None) -> list[Law]"),
             "The laws of ln||z_out||^2 that exist for the network, each of its own `kind`. Arguments as "
             "infinite_depth_and_width.");
  module.def("has_exact_law", &has_exact_law, nb::arg("network"),
             "Whether exact_fully_connected knows the network's law: ReLU, and alpha = 0 in every layer.");

  const auto def_profile = [&](const char* name, std::vector<double> (*function)(const Network&), const char* doc) {
    module.def(
        name, [function](const Network& network) { return to_array(function(network)); }, nb::arg("network"),
        nb::sig(fmt::format("def {}(network: Network) -> numpy.typing.NDArray[numpy.float64]", name).c_str()), doc);
  };
  def_profile(
      "hypoactivation", hypoactivation,
      "h_l = lim n E[S_l] with S_l = ||phi(z_l)||^2/||z_l||^2 - 1, l = 0..d-1; shape (depth,). Below 0: fewer than "
      "half of the ReLUs are active (Li, Nica, Roy 2021, section 3).");
  def_profile("active_fraction", active_fraction,
              "P(s z > 0) of a neuron of layer l = 0..d-1, to order 1/n; shape (depth,).");
  module.def(
      "interlayer_covariance",
      [](const Network& network, nb::handle m, nb::handle l) {
        return interlayer_covariance(network, whole_number("m", m), whole_number("l", l));
      },
      nb::arg("network"), nb::arg("m"), nb::arg("l"),
      nb::sig("def interlayer_covariance(network: Network, m: int, l: int) -> float"),
      "lim n Cov(S_m, S_l) for 0 <= m, l < depth (Li, Nica, Roy 2021, section 3). Raises ValueError outside.");
  module.def(
      "mean_interlayer_covariance",
      [](const Network& network, nb::handle lag) {
        return mean_interlayer_covariance(network, whole_number("lag", lag));
      },
      nb::arg("network"), nb::arg("lag"),
      nb::sig("def mean_interlayer_covariance(network: Network, lag: int) -> float"),
      "The mean over m of lim n Cov(S_m, S_{m+lag}), 0 <= lag < depth. Raises ValueError outside.");
  module.def(
      "log_gaussian_growth",
      [](const Network& network) {
        std::vector<double> mean, variance;
        for (const LogNormGrowth& G : log_gaussian_growth_by_layer(network)) {
          mean.push_back(G.mean);
          variance.push_back(G.variance);
        }
        return nb::make_tuple(to_array(std::move(mean)), to_array(std::move(variance)));
      },
      nb::arg("network"),
      nb::sig("def log_gaussian_growth(network: Network) -> tuple[numpy.typing.NDArray[numpy.float64], "
              "numpy.typing.NDArray[numpy.float64]]"),
      "Mean and variance of ln(||z_l||^2/n) - ln(||x||^2/n_in), l = 0..d, in the limit; two arrays of shape (depth + "
      "1,).");
}

}  // namespace initlaw::python
