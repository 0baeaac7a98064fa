#include <fmt/core.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

#include "bindings.hpp"
#include "distribution.hpp"
#include "network/from_string.hpp"
#include "pickled.hpp"

namespace initlaw {

// cereal's convention.
template <typename Archive>
void serialize(Archive& archive, TangentKernel& kernel) {
  archive(kernel.log_diagonal, kernel.share);
}

namespace python {
namespace {

/// A limit that knows where it comes from, so that it can be pickled and compared.
struct GradientLimitOfNetwork {
  Network network;
  GradientLimit limit;
};

GradientLimitOfNetwork limit_of(const Network& network) {
  const nb::gil_scoped_release release;
  return {network, gradient_limit(network)};
}

GradientLawOfNetwork law_of(const GradientLimitOfNetwork& of_network, OutputDirection direction) {
  const auto& [network, limit] = of_network;
  return {network, direction, direction == OutputDirection::kRandom ? limit.random : limit.orthogonal};
}

std::size_t hash_of(const Network& network, OutputDirection direction) {
  return std::hash<std::string>()(std::string(to_string(direction)) + to_json(network));
}

template <typename Profile>
auto layer_property(Profile profile) {
  return [profile](const GradientsOfEnsemble& g) {
    const auto& layers = g.gradients().layers;
    return estimates_of(layers.size(), [&](std::size_t l) { return profile(layers[l]); });
  };
}

/// A member of Gradients, as a property that keeps the ensemble alive.
template <typename Member>
auto member(Member Gradients::*pointer) {
  return [pointer](const GradientsOfEnsemble& g) -> const Member& { return g.gradients().*pointer; };
}

}  // namespace

void bind_gradients(nb::module_& module) {
  using G = GradientsOfEnsemble;
  nb::class_<G> gradients(
      module, "Gradients",
      "What simulate() measured of the gradients of one output f, over the living networks in which "
      "they do not vanish.");
  gradients
      .def_prop_ro("vanished", member(&Gradients::vanished), nb::rv_policy::reference_internal,
                   "Living networks with df/dz_0 = 0.")
      .def_prop_ro("growth", member(&Gradients::growth), nb::rv_policy::reference_internal,
                   "ln||df/dz_0||^2 - ln||df/dz_d||^2.")
      .def_prop_ro(
          "correlation_with_growth", [](const G& g) { return estimate_of(g.gradients().correlation_with_growth); },
          nb::sig(estimate_sig("correlation_with_growth").c_str()), "Of growth and the ensemble's G.")
      .def_prop_ro("log_input_norm2", member(&Gradients::log_input_norm2), nb::rv_policy::reference_internal,
                   "ln||df/dx||^2.")
      .def_prop_ro("log_ntk", member(&Gradients::log_ntk), nb::rv_policy::reference_internal,
                   "ln of the neural tangent kernel's diagonal, ||df/dW||^2 over all weights.")
      .def_prop_ro(
          "ntk", [](const G& g) { return estimate_of(g.gradients().ntk.mean()); }, nb::sig(estimate_sig("ntk").c_str()),
          "The mean of the kernel's diagonal.")
      .def_prop_ro("log_norm2_mean", layer_property([](const LayerGradient& l) { return l.log_norm2_mean; }),
                   nb::sig(estimates_sig("log_norm2_mean").c_str()), "Mean of ln||df/dz_l||^2, l = 0..d.")
      .def_prop_ro("log_norm2_variance", layer_property([](const LayerGradient& l) { return l.log_norm2_variance; }),
                   nb::sig(estimates_sig("log_norm2_variance").c_str()), "Variance of ln||df/dz_l||^2, l = 0..d.")
      .def_prop_ro("log_weight2_mean", layer_property([](const LayerGradient& l) { return l.log_weight2_mean; }),
                   nb::sig(estimates_sig("log_weight2_mean").c_str()),
                   "Mean of ln||df/dW_l||^2, l = 0 (the input's weights)..d.")
      .def_prop_ro("log_weight2_variance",
                   layer_property([](const LayerGradient& l) { return l.log_weight2_variance; }),
                   nb::sig(estimates_sig("log_weight2_variance").c_str()), "Variance of ln||df/dW_l||^2, l = 0..d.")
      .def_prop_ro(
          "ntk_share",
          [](const G& of_ensemble) {
            const Gradients& g = of_ensemble.gradients();
            return estimates_of(g.layers.size() + 1, [&](std::size_t l) {
              return l < g.layers.size() ? g.layers[l].ntk_share : g.output_ntk_share;
            });
          },
          nb::sig(estimates_sig("ntk_share").c_str()),
          "Each layer's share in the kernel's diagonal: of W_0, of layers 1..d, of W_out; shape (depth + 2,).")
      .def_prop_ro("growth_histogram", member(&Gradients::growth_histogram), nb::rv_policy::reference_internal,
                   "Of growth.")
      .def_prop_ro("log_input_norm2_histogram", member(&Gradients::log_input_norm2_histogram),
                   nb::rv_policy::reference_internal, "Of ln||df/dx||^2.")
      .def_prop_ro("log_ntk_histogram", member(&Gradients::log_ntk_histogram), nb::rv_policy::reference_internal,
                   "Of log_ntk.")
      .def(
          "__eq__", [](const G& a, const G& b) { return to_bytes(*a.ensemble) == to_bytes(*b.ensemble); },
          nb::is_operator(), nb::sig(kEqualSig))
      .def("__hash__", [](const G& g) { return std::hash<std::string>()(to_bytes(*g.ensemble)); })
      .def(
          "__getstate__", [](const G& g) { return nb::make_tuple(*g.ensemble); }, nb::sig(kGetStateSig))
      .def(
          "__setstate__",
          [](G& g, const nb::tuple& state) {
            new (&g) G{std::make_shared<const Ensemble>(nb::cast<const Ensemble&>(state[0]))};
          },
          nb::sig(kSetStateSig))
      .def("__repr__", [](const G& g) {
        const Moments& growth = g.gradients().growth;
        const auto [mean, variance] = std::pair(growth.mean(), growth.variance());
        return fmt::format("Gradients({}: growth mean {:.4g} ± {:.1g}, variance {:.4g} ± {:.1g})",
                           to_string(*g.ensemble->options.gradients), mean.value, mean.std_error, variance.value,
                           variance.std_error);
      });
  bind_to_dataframe(gradients, "A row for each layer 0..d, with errors in columns that end in _error.");

  using L = GradientLawOfNetwork;
  nb::class_<L> law(module, "GradientLaw",
                    "The law of ln||df/dz_0||^2 - ln||df/dz_d||^2. Functions take a number or an array, and are "
                    "those of scipy.stats' frozen distributions. Absolute errors are below 1e-6.");
  bind_distribution(law, [](const L& l) -> const GradientLaw& { return l.law; });
  law.def_ro("network", &L::network, "The network whose law it is.")
      .def_prop_ro(
          "direction", [](const L& l) { return std::string(to_string(l.direction)); },
          "'random', of the gradient of an output, or 'orthogonal', given that the output is 0.")
      .def_prop_ro(
          "correlation_with_growth", [](const L& l) { return l.law.correlation_with_growth(); },
          "The correlation with the network's G.")
      .def(
          "__eq__", [](const L& a, const L& b) { return a.direction == b.direction && a.network == b.network; },
          nb::is_operator(), nb::sig(kEqualSig))
      .def("__hash__", [](const L& l) { return hash_of(l.network, l.direction); })
      .def(
          "__getstate__", [](const L& l) { return nb::make_tuple(l.network, std::string(to_string(l.direction))); },
          nb::sig(kGetStateSig))
      .def(
          "__setstate__",
          [](L& l, const nb::tuple& state) {
            const auto direction = from_string<OutputDirection>("direction", nb::cast<std::string>(state[1]));
            new (&l) L(law_of(limit_of(nb::cast<Network>(state[0])), direction));
          },
          nb::sig(kSetStateSig))
      .def("__repr__", [](const L& l) {
        return fmt::format("GradientLaw({}: mean {:.6g}, var {:.6g})", to_string(l.direction), l.law.mean(),
                           l.law.variance());
      });
  using Limit = GradientLimitOfNetwork;
  nb::class_<Limit> limit(module, "GradientLimit",
                          "The limit of gradients in infinite depth and width: the law for either direction of the "
                          "output, and the parameters of the Brownian motions (E, Y) that it is made of.");
  limit.def_ro("network", &Limit::network, "The network whose limit it is.")
      .def_prop_ro(
          "random", [](const Limit& l) { return law_of(l, OutputDirection::kRandom); }, "The gradient of an output.")
      .def_prop_ro(
          "orthogonal", [](const Limit& l) { return law_of(l, OutputDirection::kOrthogonal); },
          "The gradient of an output, given that it is 0.")
      .def_prop_ro(
          "log_scale", [](const Limit& l) { return l.limit.log_scale; }, "Sum of ln(alpha_l^2 + lambda_l^2).")
      .def_prop_ro(
          "gradient_mean", [](const Limit& l) { return l.limit.gradient_mean; }, "The mean of E over all layers.")
      .def_prop_ro(
          "gradient_variance", [](const Limit& l) { return l.limit.gradient_variance; }, "The variance of E.")
      .def_prop_ro(
          "norm_mean", [](const Limit& l) { return l.limit.norm_mean; }, "The mean of Y, the forward growth.")
      .def_prop_ro(
          "norm_variance", [](const Limit& l) { return l.limit.norm_variance; }, "The variance of Y.")
      .def_prop_ro(
          "covariance", [](const Limit& l) { return l.limit.covariance; }, "The covariance of E and Y.")
      .def_prop_ro(
          "overlap", [](const Limit& l) { return l.limit.overlap; }, "The sum of the overlap's rates C.")
      .def(
          "__eq__", [](const Limit& a, const Limit& b) { return a.network == b.network; }, nb::is_operator(),
          nb::sig(kEqualSig))
      .def("__hash__", [](const Limit& l) { return std::hash<std::string>()(to_json(l.network)); })
      .def(
          "__getstate__", [](const Limit& l) { return nb::make_tuple(l.network); }, nb::sig(kGetStateSig))
      .def(
          "__setstate__",
          [](Limit& l, const nb::tuple& state) { new (&l) Limit(limit_of(nb::cast<Network>(state[0]))); },
          nb::sig(kSetStateSig))
      .def("__repr__", [](const Limit& l) {
        return fmt::format("GradientLimit(random: mean {:.6g}, var {:.6g}; orthogonal: mean {:.6g}, var {:.6g})",
                           l.limit.random.mean(), l.limit.random.variance(), l.limit.orthogonal.mean(),
                           l.limit.orthogonal.variance());
      });
  bind_to_dataframe(limit, "One row.");
  module.def("gradient_limit", &limit_of, nb::arg("network"),
             "The law of gradients in the limit of infinite depth and width (docs/gradient-law.md). Cost: as "
             "infinite_depth_and_width, and a second at d/n < 50, two at most. Raises ValueError if lambda is 0 in all "
             "layers, or if alpha changes sign such that a gradient's rates are negative altogether.");

  module.def(
      "gradient_norms",
      [](const Network& network, const std::optional<std::vector<std::size_t>>& layers, const std::string& direction) {
        std::vector<std::size_t> all(network.depth() + 1);
        std::iota(all.begin(), all.end(), std::size_t{0});
        const auto of = from_string<OutputDirection>("direction", direction);
        const auto norms = [&] {
          const nb::gil_scoped_release release;
          return gradient_norms(network, of, layers.value_or(all));
        }();
        std::vector<double> values;
        for (const GradientNorm& norm : norms) values.insert(values.end(), {norm.mean, norm.variance});
        return to_array(std::move(values), {norms.size(), 2});
      },
      nb::arg("network"), nb::arg("layers").none() = nb::none(), nb::arg("direction") = "random",
      nb::sig("def gradient_norms(network: Network, layers: collections.abc.Sequence[int] | None = None, "
              "direction: str = 'random') -> numpy.typing.NDArray[numpy.float64]"),
      "Mean and variance of ln||df/dz_l||^2 of an output f = w . z_d/sqrt(n) at each of `layers`, by default l = 0..d; "
      "shape (layers, 2). As gradient_limit for the growth from the last layer to that one; the last layer's is exact. "
      "direction: 'random' or 'orthogonal', as that of simulate's gradients. Cost: some tens of milliseconds a layer. "
      "Raises ValueError as gradient_limit does, but where lambda is 0 in all layers above one; for layers beyond the "
      "depth; and for orthogonal at width 1.");

  nb::class_<TangentKernel> kernel(module, "TangentKernel", "The neural tangent kernel's diagonal at infinite width.");
  kernel.def_ro("log_diagonal", &TangentKernel::log_diagonal, "Its logarithm.")
      .def_prop_ro(
          "share", [](const TangentKernel& k) { return nb::cast(to_array(k.share)); },
          nb::sig("def share(self) -> numpy.typing.NDArray[numpy.float64]"),
          "Each layer's share in it: of W_0, of layers 1..d, of W_out; shape (depth + 2,).")
      .def("__repr__", [](const TangentKernel& k) {
        return fmt::format("TangentKernel(diagonal {:.6g})", std::exp(k.log_diagonal));
      });
  bind_to_dataframe(kernel, "A row for each share: of W_0, of layers 1..d, of W_out.");
  bind_archived(kernel, "tangent kernel", TangentKernel{});
  module.def(
      "infinite_width_tangent_kernel",
      [](const Network& network, nb::handle input) { return infinite_width_tangent_kernel(network, to_input(input)); },
      nb::arg("network"), nb::arg("input").none() = nb::none(),
      nb::sig("def infinite_width_tangent_kernel(network: Network, input: numpy.typing.ArrayLike | None = None) -> "
              "TangentKernel"),
      "The neural tangent kernel's diagonal ||df/dW||^2 at infinite width, for one output f and over all weights. "
      "Cost: "
      "O(depth). Arguments as infinite_depth_and_width. Source: Jacot, Gabriel, Hongler (2018); docs/gradient-law.md.");
}

}  // namespace python
}  // namespace initlaw
