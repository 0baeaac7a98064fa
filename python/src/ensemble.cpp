#include <fmt/core.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "network/from_string.hpp"
#include "result/json.hpp"
#include "result/text.hpp"
#include "watched.hpp"

namespace initlaw::python {
namespace {

Ensemble simulate_in_python(const Network& network, nb::handle input, nb::handle samples, nb::handle seed,
                            const std::string& method, const std::string& precision, const std::string& estimator,
                            nb::handle threads, nb::handle lags, const std::optional<std::string>& gradients,
                            nb::handle on_progress) {
  std::optional<std::vector<std::size_t>> whole_lags;
  if (!lags.is_none()) {
    whole_lags.emplace();
    for (const nb::handle lag : nb::iter(lags)) whole_lags->push_back(whole_number("lags", lag));
  }
  std::optional<OutputDirection> direction;
  if (gradients) direction = from_string<OutputDirection>("gradients", *gradients);
  const SimulationOptions options{.samples = whole_number("samples", samples),
                                  .seed = whole_number("seed", seed),
                                  .method = from_string<Method>("method", method),
                                  .precision = from_string<Precision>("precision", precision),
                                  .estimator = from_string<Estimator>("estimator", estimator),
                                  .threads = thread_count(threads),
                                  .lags = std::move(whole_lags),
                                  .gradients = direction};
  const Input x = to_input(input);
  return watched(on_progress, [&](const Progress& progress) { return simulate(network, options, x, progress); });
}

std::string summary(const Ensemble& e) {
  const Estimate mean = e.antithetic ? e.antithetic->growth_mean.estimate : e.growth.mean();
  const Estimate variance = e.growth.variance();
  return fmt::format(
      "Ensemble({}, width {}, depth {}, samples {}, dead {}: G mean {:.4g} ± {:.1g}, variance {:.4g} ± {:.1g})",
      to_string(e.network.family()), e.network.width(0), e.network.depth(), e.samples, e.dead, mean.value,
      mean.std_error, variance.value, variance.std_error);
}

template <typename Profile>
auto layer_property(Profile profile) {
  return [profile](const Ensemble& e) {
    return estimates_of(e.layers.size(), [&](std::size_t l) { return profile(e, l); });
  };
}

}  // namespace

void bind_ensemble(nb::module_& module) {
  nb::class_<Moments>(module, "Moments", "Mean and variance of numbers, with their errors.")
      .def_prop_ro("count", &Moments::count, "How many numbers.")
      .def(
          "mean", [](const Moments& m) { return estimate_of(m.mean()); }, nb::sig(estimate_sig("mean").c_str()),
          "Their mean.")
      .def(
          "var", [](const Moments& m) { return estimate_of(m.variance()); }, nb::sig(estimate_sig("var").c_str()),
          "Their unbiased variance.")
      .def("excess_kurtosis", &Moments::excess_kurtosis, "Fourth central moment/variance^2 - 3.")
      .def("__repr__", [](const Moments& m) {
        const auto [mean, variance] = std::pair(m.mean(), m.variance());
        return fmt::format("Moments(mean {:.6g} ± {:.2g}, var {:.6g} ± {:.2g})", mean.value, mean.std_error,
                           variance.value, variance.std_error);
      });

  nb::class_<Histogram>(module, "Histogram", "An empirical distribution in equal bins.")
      .def_prop_ro("count", &Histogram::count, "How many numbers.")
      .def_prop_ro(
          "counts",
          [](const Histogram& h) {
            return nb::ndarray<nb::numpy, const std::uint64_t, nb::ndim<1>>(h.counts().data(), {h.counts().size()});
          },
          nb::rv_policy::reference_internal, nb::sig("def counts(self) -> numpy.typing.NDArray[numpy.uint64]"),
          "Numbers in each bin from the first to the last that is not empty, without a copy; shape (bins,).")
      .def_prop_ro(
          "edges",
          [](const Histogram& h) {
            std::vector<double> edges(h.counts().size() + 1);
            for (std::size_t i = 0; i < edges.size(); ++i) edges[i] = h.low_edge(h.first_bin() + i);
            return nb::cast(to_array(std::move(edges)));
          },
          nb::sig("def edges(self) -> numpy.typing.NDArray[numpy.float64]"),
          "The edges of these bins; shape (bins + 1,).")
      .def(
          "quantile", [](const Histogram& h, double p) { return estimate_of(h.quantile(p)); }, nb::arg("p"),
          nb::sig(fmt::format("def quantile(self, p: float) -> {}", kEstimate).c_str()),
          "The p-quantile with its error. Raises ValueError unless 0 <= p <= 1.");

  nb::class_<Ensemble>(
      module, "Ensemble",
      "What simulate() measured. All statistics are over the living networks, but for second_moment and "
      "output_excess_kurtosis.")
      .def_ro("network", &Ensemble::network, "The network that was simulated.")
      .def_prop_ro(
          "input", [](const Ensemble& e) { return from_input(e.input, e.network); },
          nb::sig("def input(self) -> numpy.typing.NDArray[numpy.float64] | None"),
          "The input, shape (inputs,); None if none was given and its norm is 1.")
      .def_ro("samples", &Ensemble::samples, "Networks simulated.")
      .def_ro("dead", &Ensemble::dead, "Networks among them with z_out = 0.")
      .def_ro("frozen", &Ensemble::frozen, "Living networks whose last ReLUs are all inactive.")
      .def_prop_ro(
          "seed", [](const Ensemble& e) { return e.options.seed; }, "The seed.")
      .def_ro("growth", &Ensemble::growth, "ln(||z_d||^2/n) - ln(||x||^2/n_in).")
      .def_ro("log_output_norm2", &Ensemble::log_output_norm2, "ln||z_out||^2.")
      .def_ro("log_output_unit", &Ensemble::log_output_unit, "ln of one output's standard deviation at infinite width.")
      .def_prop_ro(
          "growth_mean",
          [](const Ensemble& e) {
            return estimate_of(e.antithetic ? e.antithetic->growth_mean.estimate : e.growth.mean());
          },
          nb::sig(estimate_sig("growth_mean").c_str()), "The mean of G: from pairs if there are any.")
      .def_prop_ro(
          "second_moment",
          [](const Ensemble& e) {
            return estimate_of(e.antithetic ? e.antithetic->second_moment.estimate : e.second_moment.mean());
          },
          nb::sig(estimate_sig("second_moment").c_str()), "E||z_out||^2/n_out.")
      .def_prop_ro(
          "output_excess_kurtosis", [](const Ensemble& e) { return estimate_of(e.output_excess_kurtosis); },
          nb::sig(estimate_sig("output_excess_kurtosis").c_str()), "E z^4/(E z^2)^2 - 3 of one output z.")
      .def_prop_ro("hypoactivation",
                   layer_property([](const Ensemble& e, std::size_t l) { return e.hypoactivation(l); }),
                   nb::sig(estimates_sig("hypoactivation").c_str()), "n E[S_l], l = 0..d-1.")
      .def_prop_ro("active_fraction",
                   layer_property([](const Ensemble& e, std::size_t l) { return e.active_fraction(l); }),
                   nb::sig(estimates_sig("active_fraction").c_str()), "P(s z > 0), l = 0..d-1.")
      .def_prop_ro("log_norm2_mean",
                   layer_property([](const Ensemble& e, std::size_t l) { return e.layers[l].log_norm2_mean; }),
                   nb::sig(estimates_sig("log_norm2_mean").c_str()), "Mean of ln||z_l||^2, l = 0..d-1.")
      .def_prop_ro("log_norm2_variance",
                   layer_property([](const Ensemble& e, std::size_t l) { return e.layers[l].log_norm2_variance; }),
                   nb::sig(estimates_sig("log_norm2_variance").c_str()), "Variance of ln||z_l||^2, l = 0..d-1.")
      .def_prop_ro(
          "lags",
          [](const Ensemble& e) {
            std::vector<std::size_t> lags;
            for (const LagCovariance& c : e.interlayer_covariance) lags.push_back(c.lag);
            return lags;
          },
          "The lags of interlayer_covariance.")
      .def_prop_ro(
          "interlayer_covariance",
          [](const Ensemble& e) {
            return estimates_of(e.interlayer_covariance.size(),
                                [&](std::size_t i) { return e.interlayer_covariance[i].covariance; });
          },
          nb::sig(estimates_sig("interlayer_covariance").c_str()), "n Cov(S_m, S_{m+lag}), averaged over m.")
      .def_prop_ro(
          "log_output_norm2_histogram",
          [](const Ensemble& e) -> const Histogram* {
            return e.log_output_norm2_histogram ? &*e.log_output_norm2_histogram : nullptr;
          },
          nb::rv_policy::reference_internal, nb::sig("def log_output_norm2_histogram(self) -> Histogram | None"),
          "Of ln||z_out||^2; None if no network lived.")
      .def_prop_ro(
          "log_output_square_histogram",
          [](const Ensemble& e) -> const Histogram* {
            return e.log_output_square_histogram ? &*e.log_output_square_histogram : nullptr;
          },
          nb::rv_policy::reference_internal, nb::sig("def log_output_square_histogram(self) -> Histogram | None"),
          "Of ln z^2 for the first output z; None if no network lived.")
      .def_prop_ro(
          "gradients", [](const Ensemble& e) -> const Gradients* { return e.gradients ? &*e.gradients : nullptr; },
          nb::rv_policy::reference_internal, nb::sig("def gradients(self) -> Gradients | None"),
          "What was measured of gradients; None if they were not asked for, or all vanished.")
      .def(
          "to_json", [](const Ensemble& e) { return to_json(e); },
          "The document that 'initlaw simulate --json' writes, to the last byte.")
      .def_static(
          "from_json", [](const std::string& text) { return ensemble_from_json(text); }, nb::arg("text"),
          "The ensemble that such a document describes, to the last bit. Raises ValueError naming the key that "
          "is wrong.")
      .def(
          "to_dataframe",
          [](nb::handle self) { return nb::module_::import_("initlaw._dataframe").attr("to_dataframe")(self); },
          nb::sig("def to_dataframe(self) -> pandas.DataFrame"),
          "The layers as a pandas DataFrame: a row for each, with errors in columns that end in _error.")
      .def(
          "__eq__", [](const Ensemble& a, const Ensemble& b) { return to_bytes(a) == to_bytes(b); }, nb::is_operator())
      .def("__hash__", [](const Ensemble& ensemble) { return std::hash<std::string>()(to_bytes(ensemble)); })
      .def("__str__", [](const Ensemble& e) { return to_text(e); })
      .def("__repr__", summary)
      .def("_repr_html_", [](const Ensemble& e) { return "<pre>" + to_text(e) + "</pre>"; })
      .def("__getstate__",
           [](const Ensemble& e) {
             const std::string b = to_bytes(e);
             return nb::bytes(b.data(), b.size());
           })
      .def("__setstate__", [](Ensemble& e, const nb::bytes& bytes) {
        new (&e) Ensemble(ensemble_from_bytes({bytes.c_str(), bytes.size()}));
      });

  module.def("simulate", &simulate_in_python, nb::arg("network"), nb::arg("input").none(), nb::arg("samples"),
             nb::arg("seed"), nb::arg("method"), nb::arg("precision"), nb::arg("estimator"), nb::arg("threads"),
             nb::arg("lags").none(), nb::arg("gradients").none(), nb::arg("on_progress").none());

  nb::class_<Distance>(module, "Distance", "How far samples are from a law.")
      .def_ro("ks", &Distance::ks, "Kolmogorov-Smirnov: the largest difference of the distribution functions.")
      .def_ro("wasserstein1", &Distance::wasserstein1,
              "Wasserstein-1: the area between the distribution functions, in the units of the variable.")
      .def_ro("mean_z", &Distance::mean_z, "Difference of the means in standard errors.")
      .def_ro("variance_ratio", &Distance::variance_ratio, "Sample variance/law's variance.")
      .def("__repr__", [](const Distance& d) {
        return fmt::format("Distance(ks {:.4g}, wasserstein1 {:.4g}, mean_z {:.4g}, variance_ratio {:.4g})", d.ks,
                           d.wasserstein1, d.mean_z, d.variance_ratio);
      });
  module.attr("HOLDS_BELOW") = kHoldsBelow;
  nb::class_<Fit>(module, "Fit", "How a law fits an ensemble.")
      .def_ro("log_output_norm2", &Fit::log_output_norm2, "Distance of ln||z_out||^2.")
      .def_ro("output", &Fit::output, "Distance of one output, in units of its standard deviation at infinite width.")
      .def_prop_ro(
          "verdict", [](const Fit& f) { return std::string(to_string(f.verdict)); },
          "'exact', 'holds', 'rough', 'fails' or 'undecided', by the KS distance of ln||z_out||^2.")
      .def("__repr__",
           [](const Fit& f) { return fmt::format("Fit({}: ks {:.4g})", to_string(f.verdict), f.log_output_norm2.ks); });
  module.def(
      "compare",
      [](const Gradients& gradients, const GradientLaw& law) {
        const nb::gil_scoped_release release;
        return compare(gradients, law);
      },
      nb::arg("gradients"), nb::arg("law"),
      "The distance of the growth of gradients from a law for the same network and direction. Cost: some thousand "
      "evaluations of the law.");
  module.def(
      "compare",
      [](const Ensemble& ensemble, const LawOfNetwork& law) {
        const nb::gil_scoped_release release;
        return compare(ensemble, law.law);
      },
      nb::arg("ensemble"), nb::arg("law"),
      "Compares an ensemble with a law for the same network and input. Cost: some thousand evaluations of the law. "
      "Raises "
      "ValueError if no network lived, or if the law has another number of outputs.");

  nb::class_<Tail>(module, "Tail", "P(|z| > threshold) of one output neuron.")
      .def_ro("network", &Tail::network, "The network that was simulated.")
      .def_ro("samples", &Tail::samples, "Networks simulated.")
      .def_ro("variance_reduction", &Tail::variance_reduction,
              "How many times more independent networks would give the same standard error.")
      .def_ro("largest_share", &Tail::largest_share,
              "The largest particle system's share in the sum of the squares of all systems' estimates.")
      .def_prop_ro(
          "converged", &Tail::converged,
          "False if that share is above a tenth: the estimate is then likely to be too small, as is its error.")
      .def_prop_ro(
          "threshold", [](const Tail& t) { return t.options.threshold; }, "In units of z.")
      .def_prop_ro(
          "probability", [](const Tail& t) { return estimate_of(t.probability); },
          nb::sig(estimate_sig("probability").c_str()), "The estimate; unbiased.")
      .def("__repr__", [](const Tail& t) {
        return fmt::format("Tail(P(|z| > {:.6g}) = {:.4g} ± {:.1g}{})", t.options.threshold, t.probability.value,
                           t.probability.std_error, t.converged() ? "" : ", not converged");
      });
  module.def(
      "tail_probability",
      [](const Network& network, double threshold, nb::handle input, nb::handle samples, nb::handle seed,
         nb::handle threads, nb::handle on_progress) {
        const TailOptions options{.threshold = threshold,
                                  .samples = whole_number("samples", samples),
                                  .seed = whole_number("seed", seed),
                                  .threads = thread_count(threads)};
        const Input x = to_input(input);
        return watched(on_progress,
                       [&](const Progress& progress) { return tail_probability(network, options, x, progress); });
      },
      nb::arg("network"), nb::arg("threshold"), nb::arg("input").none(), nb::arg("samples"), nb::arg("seed"),
      nb::arg("threads"), nb::arg("on_progress").none());
}

}  // namespace initlaw::python
