#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "initlaw/finite_width.hpp"

namespace initlaw {
namespace {

Network constant(std::size_t depth) { return vanilla({.width = 100, .depth = depth}); }
Network stable_net(std::size_t depth) { return stable({.width = 100, .depth = depth}); }
/// Layers differ, and all are correlated with all.
Network schedule(std::size_t depth) {
  std::vector<double> lambda(depth);
  for (std::size_t l = 0; l < depth; ++l) {
    lambda[l] = (1 + static_cast<double>(l) / static_cast<double>(depth)) / std::sqrt(static_cast<double>(depth));
  }
  return vanilla({.width = 100, .depth = depth, .alpha = 1, .lambda = lambda});
}

void cumulants(benchmark::State& state, Network make(std::size_t depth), FiniteWidthOrder order) {
  const Network network = make(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(log_norm_cumulants(network, order));
}

/// The time of one value of a law's function, over the middle 99%.
void evaluate(benchmark::State& state, double (Law::*function)(double) const, FiniteWidthOrder order) {
  const Law law = finite_width(vanilla({.width = 100, .depth = 50, .outputs = 10}), {}, order);
  const bool of_probability = function == &Law::quantile;
  double p = 0.005;
  for (auto _ : state) {
    benchmark::DoNotOptimize((law.*function)(of_probability ? p : law.mean() + 5 * (p - 0.5)));
    p = p < 0.994 ? p + 0.001 : 0.005;
  }
}

void depths(benchmark::internal::Benchmark* benchmark) {
  benchmark->RangeMultiplier(10)->Range(100, 100'000)->Unit(benchmark::kMillisecond);
}
/// Where each pair of layers is looked at.
void few_depths(benchmark::internal::Benchmark* benchmark) {
  benchmark->RangeMultiplier(10)->Range(100, 10'000)->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(cumulants, constant_1, constant, FiniteWidthOrder::kFirst)->Apply(depths);
BENCHMARK_CAPTURE(cumulants, constant_2, constant, FiniteWidthOrder::kSecond)->Apply(depths);
BENCHMARK_CAPTURE(cumulants, constant_3, constant, FiniteWidthOrder::kThird)->Apply(depths);
BENCHMARK_CAPTURE(cumulants, stable_1, stable_net, FiniteWidthOrder::kFirst)->Apply(depths);
BENCHMARK_CAPTURE(cumulants, stable_2, stable_net, FiniteWidthOrder::kSecond)->Apply(depths);
BENCHMARK_CAPTURE(cumulants, stable_3, stable_net, FiniteWidthOrder::kThird)->Apply(depths);
BENCHMARK_CAPTURE(cumulants, schedule_1, schedule, FiniteWidthOrder::kFirst)->Apply(few_depths);
BENCHMARK_CAPTURE(cumulants, schedule_2, schedule, FiniteWidthOrder::kSecond)->Apply(few_depths);
BENCHMARK_CAPTURE(cumulants, schedule_3, schedule, FiniteWidthOrder::kThird)->Apply(few_depths);

BENCHMARK_CAPTURE(evaluate, pdf_1, &Law::pdf, FiniteWidthOrder::kFirst)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, pdf_2, &Law::pdf, FiniteWidthOrder::kSecond)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, cdf_1, &Law::cdf, FiniteWidthOrder::kFirst)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, cdf_2, &Law::cdf, FiniteWidthOrder::kSecond)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, quantile_1, &Law::quantile, FiniteWidthOrder::kFirst)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, quantile_2, &Law::quantile, FiniteWidthOrder::kSecond)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace initlaw
