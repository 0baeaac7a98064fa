#include <fmt/core.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cmath>

#include "bindings.hpp"
#include "network/from_string.hpp"
#include "pickled.hpp"
#include "result/json.hpp"
#include "result/text.hpp"
#include "watched.hpp"

namespace initlaw {

// cereal's convention.
template <typename Archive>
void serialize(Archive& archive, Distance& distance) {
  archive(distance.ks, distance.ks_std_error, distance.wasserstein1, distance.mean_z, distance.variance_ratio);
}
template <typename Archive>
void serialize(Archive& archive, Fit& fit) {
  archive(fit.log_output_norm2, fit.output, fit.verdict);
}

namespace python {
namespace {

SimulationOptions options_of(nb::handle samples, nb::handle seed, const std::string& method,
                             const std::string& precision, const std::string& estimator, nb::handle threads,
                             nb::handle lags, const std::optional<std::string>& gradients) {
  std::optional<std::vector<std::size_t>> whole_lags;
  if (!lags.is_none()) {
    whole_lags.emplace();
    for (const nb::handle lag : nb::iter(lags)) whole_lags->push_back(whole_number("lags", lag));
  }
  std::optional<OutputDirection> direction;
  if (gradients) direction = from_string<OutputDirection>("gradients", *gradients);
  return {.samples = whole_number("samples", samples),
          .seed = whole_number("seed", seed),
          .method = from_string<Method>("method", method),
          .precision = from_string<Precision>("precision", precision),
          .estimator = from_string<Estimator>("estimator", estimator),
          .threads = thread_count(threads),
          .lags = std::move(whole_lags),
          .gradients = direction};
}

Ensemble simulate_in_python(const Network& network, nb::handle input, nb::handle samples, nb::handle seed,
                            const std::string& method, const std::string& precision, const std::string& estimator,
                            nb::handle threads, nb::handle lags, const std::optional<std::string>& gradients,
                            nb::handle on_progress) {
  const auto options = options_of(samples, seed, method, precision, estimator, threads, lags, gradients);
  const Input x = to_input(input);
  return watched(on_progress, [&](const Progress& progress) { return simulate(network, options, x, progress); });
}

Array samples_in_python(const Network& network, nb::handle input, nb::handle samples, nb::handle seed,
                        const std::string& method, const std::string& precision, nb::handle threads,
                        nb::handle on_progress) {
  const auto options = options_of(samples, seed, method, precision, "plain", threads, nb::none(), {});
  const Input x = to_input(input);
  return to_array(watched(
      on_progress, [&](const Progress& progress) { return log_output_norm2_samples(network, options, x, progress); }));
}

std::string to_bytes(const Tail& tail) {
  return to_marked_bytes("tail", [&](auto& archive) {
    save(archive, tail.network, tail.input);
    archive(tail.options.threshold, tail.options.samples, tail.options.seed, tail.samples, tail.probability,
            tail.variance_reduction, tail.largest_share);
  });
}

Tail tail_from_bytes(std::string_view bytes) {
  return from_marked_bytes("tail", bytes, [](auto& archive) {
    auto [network, input] = load_network(archive);
    Tail tail{.network = std::move(network),
              .input = std::move(input),
              .options = {},
              .samples = 0,
              .probability = {},
              .variance_reduction = 0,
              .largest_share = 0};
    archive(tail.options.threshold, tail.options.samples, tail.options.seed, tail.samples, tail.probability,
            tail.variance_reduction, tail.largest_share);
    return tail;
  });
}

/// Laws depend on the input through this alone. The digits are as many as the tolerance tells apart.
void require_same_norm(const LawOfNetwork& law, const Ensemble& ensemble) {
  const double a = law.input.log_mean_square(law.network), b = ensemble.input.log_mean_square(ensemble.network);
  constexpr double kRounding = 1e-12;
  if (std::abs(a - b) <= kRounding) return;
  throw std::invalid_argument(
      fmt::format("law: its input has ||x||^2/n_in = {:.14g}, the simulated one {:.14g}; they must be the same",
                  std::exp(a), std::exp(b)));
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
  nb::class_<Moments> bound_moments(module, "Moments", "Mean and variance of numbers, with their errors.");
  bound_moments.def_prop_ro("count", &Moments::count, "How many numbers.")
      .def_prop_ro(
          "mean", [](const Moments& m) { return estimate_of(m.mean()); }, nb::sig(estimate_sig("mean").c_str()),
          "Their mean.")
      .def_prop_ro(
          "variance", [](const Moments& m) { return estimate_of(m.variance()); },
          nb::sig(estimate_sig("variance").c_str()), "Their unbiased variance.")
      .def_prop_ro("excess_kurtosis", &Moments::excess_kurtosis, "Fourth central moment/variance^2 - 3.")
      .def("__repr__", [](const Moments& m) {
        const auto [mean, variance] = std::pair(m.mean(), m.variance());
        return fmt::format("Moments(count {}, mean {:.6g} ± {:.2g}, variance {:.6g} ± {:.2g})", m.count(), mean.value,
                           mean.std_error, variance.value, variance.std_error);
      });
  bind_to_dataframe(bound_moments, "One row, with errors in columns that end in _error.");
  bind_archived(bound_moments, "moments", Moments());

  nb::class_<Histogram> bound_histogram(module, "Histogram", "An empirical distribution in equal bins.");
  bound_histogram.def_prop_ro("count", &Histogram::count, "How many numbers.")
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
          "The p-quantile with its error. Raises ValueError unless 0 <= p <= 1.")
      .def("__repr__", [](const Histogram& h) {
        return fmt::format("Histogram(count {}, {} bins from {:.6g} to {:.6g})", h.count(), h.counts().size(),
                           h.smallest(), h.largest());
      });
  bind_to_dataframe(bound_histogram, "A row for each bin: its lower and upper edge and its count.");
  bind_archived(bound_histogram, "histogram", Histogram(0, 1));

  nb::class_<Ensemble> bound_ensemble(
      module, "Ensemble",
      "What simulate() measured. All statistics are over the living networks, but for second_moment and "
      "output_excess_kurtosis.");
  bound_ensemble.def_ro("network", &Ensemble::network, "The network that was simulated.")
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
          "gradients",
          [](std::shared_ptr<Ensemble> e) -> std::optional<GradientsOfEnsemble> {
            if (!e->gradients) return {};
            return GradientsOfEnsemble{e};
          },
          nb::sig("def gradients(self) -> Gradients | None"),
          "What was measured of gradients; None if they were not asked for, or all vanished.")
      .def(
          "to_json", [](const Ensemble& e) { return to_json(e); },
          "The document that 'initlaw simulate --json' writes, to the last byte.")
      .def_static(
          "from_json", [](const std::string& text) { return ensemble_from_json(text); }, nb::arg("text"),
          "The ensemble that such a document describes, to the last bit. Raises ValueError naming the key that "
          "is wrong.")
      .def("__str__", [](const Ensemble& e) { return to_text(e); })
      .def("__repr__", summary)
      .def("_repr_html_", [](const Ensemble& e) { return "<pre>" + to_text(e) + "</pre>"; });
  bind_to_dataframe(bound_ensemble,
                    "The layers as a pandas DataFrame: a row for each, with errors in columns that end in _error.");
  bind_bytes(
      bound_ensemble, [](const Ensemble& e) { return initlaw::to_bytes(e); }, ensemble_from_bytes);

  module.def("simulate", &simulate_in_python, nb::arg("network"), nb::arg("input").none(), nb::arg("samples"),
             nb::arg("seed"), nb::arg("method"), nb::arg("precision"), nb::arg("estimator"), nb::arg("threads"),
             nb::arg("lags").none(), nb::arg("gradients").none(), nb::arg("on_progress").none());
  module.def(
      "log_output_norm2_samples", &samples_in_python, nb::arg("network"), nb::arg("input").none(), nb::arg("samples"),
      nb::arg("seed"), nb::arg("method"), nb::arg("precision"), nb::arg("threads"), nb::arg("on_progress").none(),
      nb::sig("def log_output_norm2_samples(network: Network, input: object | None, samples: object, seed: object, "
              "method: str, precision: str, threads: object, on_progress: object | None) -> "
              "numpy.typing.NDArray[numpy.float64]"));

  nb::class_<Distance> bound_distance(module, "Distance", "How far samples are from a law.");
  bound_distance
      .def_ro("ks", &Distance::ks, "Kolmogorov-Smirnov: the largest difference of the distribution functions.")
      .def_ro("ks_std_error", &Distance::ks_std_error, "Standard error of ks where the law is not the truth.")
      .def_ro("wasserstein1", &Distance::wasserstein1,
              "Wasserstein-1: the area between the distribution functions, in the units of the variable.")
      .def_ro("mean_z", &Distance::mean_z, "Difference of the means in standard errors.")
      .def_ro("variance_ratio", &Distance::variance_ratio, "Sample variance/law's variance.")
      .def("__repr__", [](const Distance& d) {
        return fmt::format("Distance(ks {:.4g} ± {:.1g}, wasserstein1 {:.4g}, mean_z {:.4g}, variance_ratio {:.4g})",
                           d.ks, d.ks_std_error, d.wasserstein1, d.mean_z, d.variance_ratio);
      });
  bind_to_dataframe(bound_distance, "One row.");
  bind_archived(bound_distance, "distance", Distance{});
  module.attr("HOLDS_BELOW") = kHoldsBelow;
  nb::class_<Fit> bound_fit(module, "Fit", "How a law fits an ensemble. True if it is exact or holds, else False.");
  bound_fit.def_ro("log_output_norm2", &Fit::log_output_norm2, "Distance of ln||z_out||^2.")
      .def_ro("output", &Fit::output, "Distance of one output, in units of its standard deviation at infinite width.")
      .def_prop_ro(
          "verdict", [](const Fit& f) { return std::string(to_string(f.verdict)); },
          "'exact', 'holds', 'rough', 'fails' or 'undecided', by the KS distance of ln||z_out||^2.")
      .def("__bool__", [](const Fit& f) { return f.verdict == Verdict::kExact || f.verdict == Verdict::kHolds; })
      .def("__repr__",
           [](const Fit& f) { return fmt::format("Fit({}: ks {:.4g})", to_string(f.verdict), f.log_output_norm2.ks); });
  bind_to_dataframe(bound_fit, "The two distances, a row each.");
  bind_archived(bound_fit, "fit", Fit{});
  module.def(
      "compare",
      [](const Ensemble& ensemble, const LawOfNetwork& law) {
        require_same(law.network, ensemble.network);
        require_same_norm(law, ensemble);
        const nb::gil_scoped_release release;
        return compare(ensemble, law.law);
      },
      nb::arg("simulated"), nb::arg("law"),
      "How a law fits an ensemble, or how far it is from the growth of gradients. Cost: some thousand evaluations of "
      "the "
      "law. Raises ValueError naming the field in which the networks, inputs or directions differ, or if no network "
      "lived.");
  module.def(
      "compare",
      [](const GradientsOfEnsemble& gradients, const GradientLawOfNetwork& law) {
        require_same(law.network, gradients.ensemble->network);
        const auto simulated = *gradients.ensemble->options.gradients;
        if (law.direction != simulated) {
          throw std::invalid_argument(fmt::format("law: is that of {} gradients, the simulated ones are {}",
                                                  to_string(law.direction), to_string(simulated)));
        }
        const nb::gil_scoped_release release;
        return compare(gradients.gradients(), law.law);
      },
      nb::arg("simulated"), nb::arg("law"));

  nb::class_<Tail> bound_tail(module, "Tail", "P(|z| > threshold) of one output neuron.");
  bound_tail.def_ro("network", &Tail::network, "The network that was simulated.")
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
  bind_to_dataframe(bound_tail, "One row, with the probability's error in a column that ends in _error.");
  bind_bytes(
      bound_tail, [](const Tail& tail) { return to_bytes(tail); }, tail_from_bytes);
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

}  // namespace python
}  // namespace initlaw
