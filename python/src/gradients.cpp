#include <fmt/core.h>
#include <nanobind/stl/vector.h>

#include <cmath>

#include "bindings.hpp"
#include "distribution.hpp"

namespace initlaw::python {
namespace {

template <typename Profile>
auto layer_property(Profile profile) {
  return [profile](const Gradients& g) {
    return estimates_of(g.layers.size(), [&](std::size_t l) { return profile(g.layers[l]); });
  };
}

}  // namespace

void bind_gradients(nb::module_& module) {
  nb::class_<Gradients>(module, "Gradients",
                        "What simulate() measured of the gradients of one output f, over the living networks in which "
                        "they do not vanish.")
      .def_ro("vanished", &Gradients::vanished, "Living networks with df/dz_0 = 0.")
      .def_ro("growth", &Gradients::growth, "ln||df/dz_0||^2 - ln||df/dz_d||^2.")
      .def_prop_ro(
          "correlation_with_growth", [](const Gradients& g) { return estimate_of(g.correlation_with_growth); },
          nb::sig(estimate_sig("correlation_with_growth").c_str()), "Of growth and the ensemble's G.")
      .def_ro("log_input_norm2", &Gradients::log_input_norm2, "ln||df/dx||^2.")
      .def_ro("log_ntk", &Gradients::log_ntk,
              "ln of the neural tangent kernel's diagonal, ||df/dW||^2 over all weights.")
      .def_prop_ro(
          "ntk", [](const Gradients& g) { return estimate_of(g.ntk.mean()); }, nb::sig(estimate_sig("ntk").c_str()),
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
          [](const Gradients& g) {
            return estimates_of(g.layers.size() + 1, [&](std::size_t l) {
              return l < g.layers.size() ? g.layers[l].ntk_share : g.output_ntk_share;
            });
          },
          nb::sig(estimates_sig("ntk_share").c_str()),
          "Each layer's share in the kernel's diagonal: of W_0, of layers 1..d, of W_out; shape (depth + 2,).")
      .def_ro("growth_histogram", &Gradients::growth_histogram, "Of growth.")
      .def_ro("log_input_norm2_histogram", &Gradients::log_input_norm2_histogram, "Of ln||df/dx||^2.")
      .def_ro("log_ntk_histogram", &Gradients::log_ntk_histogram, "Of log_ntk.")
      .def("__repr__", [](const Gradients& g) {
        const auto [mean, variance] = std::pair(g.growth.mean(), g.growth.variance());
        return fmt::format("Gradients(growth mean {:.4g} ± {:.1g}, variance {:.4g} ± {:.1g})", mean.value,
                           mean.std_error, variance.value, variance.std_error);
      });

  nb::class_<GradientLaw> law(
      module, "GradientLaw",
      "The law of ln||df/dz_0||^2 - ln||df/dz_d||^2. Functions take a number or an array, and are "
      "those of scipy.stats' frozen distributions. Absolute errors are below 1e-6.");
  bind_distribution(law, [](const GradientLaw& l) -> const GradientLaw& { return l; });
  law.def("correlation_with_growth", &GradientLaw::correlation_with_growth, "The correlation with the network's G.")
      .def("__repr__", [](const GradientLaw& l) {
        return fmt::format("GradientLaw(mean {:.6g}, var {:.6g})", l.mean(), l.variance());
      });
  nb::class_<GradientLimit>(module, "GradientLimit",
                            "The limit of gradients in infinite depth and width: the law for either direction of the "
                            "output, and the parameters of the Brownian motions (E, Y) that it is made of.")
      .def_ro("random", &GradientLimit::random, "The gradient of an output.")
      .def_ro("orthogonal", &GradientLimit::orthogonal, "The gradient of an output, given that it is 0.")
      .def_ro("log_scale", &GradientLimit::log_scale, "Sum of ln(alpha_l^2 + lambda_l^2).")
      .def_ro("gradient_mean", &GradientLimit::gradient_mean, "The mean of E over all layers.")
      .def_ro("gradient_variance", &GradientLimit::gradient_variance, "The variance of E.")
      .def_ro("norm_mean", &GradientLimit::norm_mean, "The mean of Y, the forward growth.")
      .def_ro("norm_variance", &GradientLimit::norm_variance, "The variance of Y.")
      .def_ro("covariance", &GradientLimit::covariance, "The covariance of E and Y.")
      .def_ro("overlap", &GradientLimit::overlap, "The sum of the overlap's rates C.")
      .def("__repr__", [](const GradientLimit& g) {
        return fmt::format("GradientLimit(random: mean {:.6g}, var {:.6g}; orthogonal: mean {:.6g}, var {:.6g})",
                           g.random.mean(), g.random.variance(), g.orthogonal.mean(), g.orthogonal.variance());
      });
  module.def("gradient_limit", &gradient_limit, nb::arg("network"), nb::call_guard<nb::gil_scoped_release>(),
             "The law of gradients in the limit of infinite depth and width (docs/gradient-law.md). Cost: as "
             "infinite_depth_and_width, and a second at d/n < 50, two at most. Raises ValueError if lambda is 0 in all "
             "layers, or "
             "if alpha changes sign such that a gradient's rates are negative altogether.");

  nb::class_<TangentKernel>(module, "TangentKernel", "The neural tangent kernel's diagonal at infinite width.")
      .def_ro("log_diagonal", &TangentKernel::log_diagonal, "Its logarithm.")
      .def_prop_ro(
          "share", [](const TangentKernel& k) { return nb::cast(to_array(k.share)); },
          nb::sig("def share(self) -> numpy.typing.NDArray[numpy.float64]"),
          "Each layer's share in it: of W_0, of layers 1..d, of W_out; shape (depth + 2,).")
      .def("__repr__", [](const TangentKernel& k) {
        return fmt::format("TangentKernel(diagonal {:.6g})", std::exp(k.log_diagonal));
      });
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

}  // namespace initlaw::python
