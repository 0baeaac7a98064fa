#include <benchmark/benchmark.h>

#include "engine/engine.hpp"
#include "initlaw/simulate.hpp"
#include "random/normals.hpp"

namespace initlaw {
namespace {

/// Reports wall time per neuron, layer and network.
void report(benchmark::State& state, const Network& network, std::uint64_t samples) {
  const double neurons = static_cast<double>(network.width(0) * (network.depth() + 1));
  const double updates = static_cast<double>(state.iterations()) * static_cast<double>(samples) * neurons;
  state.counters["per_neuron_layer"] =
      benchmark::Counter(updates, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void run(benchmark::State& state, const Network& network, SimulationOptions options) {
  for (auto _ : state) benchmark::DoNotOptimize(simulate(network, options));
  report(state, network, options.samples);
}

/// Samples that take some 0.1 s.
std::uint64_t enough_samples(const Network& network, double nanoseconds) {
  const double neurons = static_cast<double>(network.width(0) * network.depth());
  return static_cast<std::uint64_t>(1e8 / nanoseconds / neurons) + 1;
}

Network standard(const benchmark::State& state) {
  return vanilla({.width = static_cast<std::size_t>(state.range(0)), .depth = 50, .outputs = 10});
}

void fast_float(benchmark::State& state) {
  const Network network = standard(state);
  run(state, network,
      {.samples = enough_samples(network, 1),
       .precision = Precision::kFloat,
       .threads = static_cast<unsigned>(state.range(1))});
}

void fast_double(benchmark::State& state) {
  const Network network = standard(state);
  run(state, network,
      {.samples = enough_samples(network, 2),
       .precision = Precision::kDouble,
       .threads = static_cast<unsigned>(state.range(1))});
}

void balanced_float(benchmark::State& state) {
  const Network network = balanced({.width = static_cast<std::size_t>(state.range(0)), .depth = 50, .outputs = 10});
  run(state, network, {.samples = enough_samples(network, 1), .threads = static_cast<unsigned>(state.range(1))});
}

void dense_double(benchmark::State& state) {
  const Network network = standard(state);
  run(state, network,
      {.samples = enough_samples(network, 2000),
       .method = Method::kDense,
       .threads = static_cast<unsigned>(state.range(1))});
}

/// The engine without statistics.
void bare_kernel(benchmark::State& state) {
  const Network network = standard(state);
  const auto engine = make_fast_engine(network, Input(), 1, Precision::kFloat);
  std::uint64_t q = 0;
  for (auto _ : state) benchmark::DoNotOptimize(engine->run(kBlock * q++, kBlock));
  report(state, network, kBlock);
}

/// The speed limit: the same number of normals, drawn and stored.
void bare_normals(benchmark::State& state) {
  const Network network = standard(state);
  const std::size_t draws = network.width(0) * (network.depth() + 1) / 4;
  std::uint64_t q = 0;
  for (auto _ : state) benchmark::DoNotOptimize(draw_normals_float(1, Purpose::kFastFloatNormals, q++, draws));
  report(state, network, kBlock);
}

void width_and_threads(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"width", "threads"})->UseRealTime()->Unit(benchmark::kMillisecond);
  for (const int width : {16, 100, 1000}) {
    for (const int threads : {1, 2}) benchmark->Args({width, threads});
  }
}

BENCHMARK(fast_float)->Apply(width_and_threads);
BENCHMARK(fast_double)->Apply(width_and_threads);
BENCHMARK(balanced_float)->Apply(width_and_threads);
BENCHMARK(dense_double)->ArgNames({"width", "threads"})->Args({100, 1})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(bare_kernel)->ArgName("width")->Arg(16)->Arg(100)->Arg(1000);
BENCHMARK(bare_normals)->ArgName("width")->Arg(100);

}  // namespace
}  // namespace initlaw
