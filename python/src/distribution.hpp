#pragma once

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "bindings.hpp"

namespace initlaw::python {

inline std::vector<std::size_t> shape_of(nb::handle size) {
  if (PyIndex_Check(size.ptr())) return {whole_number("size", size)};
  std::vector<std::size_t> shape;
  for (const nb::handle length : nb::iter(size)) shape.push_back(whole_number("size", length));
  return shape;
}

/// A seed from what scipy.stats takes: None for NumPy's global generator, a whole number, or a generator of NumPy's.
inline std::uint64_t seed_of(nb::handle random_state) {
  if (random_state.is_none()) return seed_of(nb::module_::import_("numpy.random"));
  constexpr std::uint64_t kEnd = std::uint64_t{1} << 62;
  for (const char* draw : {"integers", "randint"}) {
    if (!nb::hasattr(random_state, draw)) continue;
    return nb::cast<std::uint64_t>(nb::int_(random_state.attr(draw)(kEnd, nb::arg("dtype") = "int64")));
  }
  return whole_number("random_state", random_state);
}

/// Gives a class a function of law(object) and a number, or each number of an array.
template <typename C, typename GetLaw, typename Function>
void bind_elementwise(nb::class_<C>& bound, const GetLaw& law, const char* name, const char* doc,
                      const Function& function) {
  const std::string signature =
      fmt::format("def {}(self, x: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float64]", name);
  bound.def(
      name, [law, function](const C& c, double x) { return function(law(c), x); }, nb::arg("x").noconvert(), doc);
  bound.def(
      name,
      [law, function](const C& c, nb::handle x) {
        const auto& l = law(c);
        return map(x, [&](double y) { return function(l, y); });
      },
      nb::arg("x"), nb::sig(signature.c_str()), doc);
}

/// Gives a class the methods of scipy.stats' frozen distributions. law(object) has the functions of Law.
template <typename C, typename GetLaw>
void bind_distribution(nb::class_<C>& bound, const GetLaw& law) {
  const auto elementwise = [&](const char* name, const char* doc, const auto& function) {
    bind_elementwise(bound, law, name, doc, function);
  };
  elementwise("pdf", "Density.", [](const auto& l, double x) { return l.pdf(x); });
  elementwise("logpdf", "Logarithm of the density.", [](const auto& l, double x) { return std::log(l.pdf(x)); });
  elementwise("cdf", "P(X <= x).", [](const auto& l, double x) { return l.cdf(x); });
  elementwise("sf", "P(X > x), accurate where it is small.", [](const auto& l, double x) { return l.survival(x); });
  elementwise("ppf", "Quantile: the x with cdf(x) = p. Raises ValueError unless 0 <= p <= 1.",
              [](const auto& l, double p) { return l.quantile(p); });
  elementwise("isf", "The x with sf(x) = q, accurate for small q. Raises as ppf does.",
              [](const auto& l, double q) { return l.inverse_survival(q); });
  bound.def(
      "mean", [law](const C& c) { return law(c).mean(); }, "The mean.");
  bound.def(
      "var", [law](const C& c) { return law(c).variance(); }, "The variance.");
  bound.def(
      "std", [law](const C& c) { return std::sqrt(law(c).variance()); }, "The square root of var().");
  bound.def(
      "median", [law](const C& c) { return law(c).quantile(0.5); }, "The median.");
  bound.def(
      "interval",
      [law](const C& c, double confidence) {
        return nb::make_tuple(law(c).quantile((1 - confidence) / 2), law(c).quantile((1 + confidence) / 2));
      },
      nb::arg("confidence"), nb::sig("def interval(self, confidence: float) -> tuple[float, float]"),
      "The ends between which the probability is `confidence`, with equal tails.");
  bound.def(
      "support",
      [](const C&) {
        return nb::make_tuple(-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity());
      },
      nb::sig("def support(self) -> tuple[float, float]"), "(-inf, inf).");
  constexpr const char* kDraws =
      "Independent draws: other ones each time, unless random_state is a number, or a generator in the same state; "
      "None "
      "is NumPy's global one, which numpy.random.seed() sets.";
  bound.def(
      "rvs",
      [law](const C& c, nb::handle size, nb::handle random_state) {
        if (!size.is_none()) throw nb::next_overload();
        return law(c).sample(1, seed_of(random_state))[0];
      },
      nb::arg("size").none() = nb::none(), nb::arg("random_state").none() = nb::none(),
      nb::sig("def rvs(self, size: None = None, random_state: int | numpy.random.Generator | "
              "numpy.random.RandomState | None = None) -> float"),
      kDraws);
  bound.def(
      "rvs",
      [law](const C& c, nb::handle size, nb::handle random_state) {
        const std::vector<std::size_t> shape = shape_of(size);
        std::size_t count = 1;
        for (const std::size_t n : shape) count *= n;
        const std::uint64_t seed = seed_of(random_state);
        std::vector<double> draws;
        {
          const nb::gil_scoped_release release;
          draws = law(c).sample(count, seed);
        }
        return to_array(std::move(draws), shape);
      },
      nb::arg("size"), nb::arg("random_state").none() = nb::none(),
      nb::sig("def rvs(self, size: int | tuple[int, ...], random_state: int | numpy.random.Generator | "
              "numpy.random.RandomState | None = None) -> numpy.typing.NDArray[numpy.float64]"),
      kDraws);
}

}  // namespace initlaw::python
