#include "simulation/sampler.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "network/memory.hpp"
#include "network/network_scales.hpp"
#include "network/standard_architecture.hpp"
#include "parallel/run_in_chunks.hpp"
#include "simulation/output_range.hpp"

namespace initlaw {
namespace {

constexpr std::uint64_t kMostSamples = 10'000'000'000'000;

/// The samples of a chunk. They depend on network and method alone, for the order of floating-point additions must not
/// depend on the machine.
std::uint64_t chunk_size(const Network& network, Method method) {
  const double per_sample = updates(network, method);
  constexpr double kUpdates = 1 << 19;
  // Covariances need several networks together.
  if (method == Method::kDense) return static_cast<std::uint64_t>(std::clamp(kUpdates / per_sample, 4.0, 1024.0));
  return kBlock * static_cast<std::uint64_t>(std::clamp(kUpdates / per_sample / kBlock, 1.0, 256.0));
}

void require_memory_for(const Network& network, const SimulationOptions& options, unsigned threads) {
  const auto length = [](std::size_t count) { return static_cast<double>(count); };
  const double real = options.precision == Precision::kFloat ? 4 : 8;
  // The fast method keeps nothing of inner layers.
  const std::size_t inner_width = options.method == Method::kDense ? network.architecture().branch_width : 0;
  const double widest = length(std::max({network.widths().largest(), network.inputs(), inner_width}));
  const double in_block = kBlock * (real * widest + 3 * sizeof(double) * length(network.depth()));
  const double in_chunks = 2 * length(network.depth()) * 3 * sizeof(Moments);
  // Only the dense method has the outputs at the same time.
  const double outputs = options.method == Method::kDense ? real * length(network.outputs()) : 0;
  const double gradients = options.gradients ? gradient_bytes(network, options.method, options.precision) : 0;
  require_memory(
      fmt::format("width {}, depth {} and {} outputs: the simulation", widest, network.depth(), network.outputs()),
      threads * (in_block + in_chunks + outputs + gradients));
}

/// Where the small part of a layer is what a gradient takes: the normals of deep branches are read off pre-activations
/// to which they add little, and what little skip path leaves of an orthogonal gradient is less than weights' rounding.
bool float_loses_gradients(const Network& network, const SimulationOptions& options) {
  constexpr double kLeast = 1e-3;
  const bool is_dense_orthogonal =
      options.method == Method::kDense && options.gradients == OutputDirection::kOrthogonal;
  const NetworkScales scales(network);
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const double skip = std::abs(scales.layer(l).a), residual = std::abs(scales.layer(l).sqrt_t);
    if (network.branch_depth() > 1 && residual != 0 && residual < kLeast * skip) return true;
    if (is_dense_orthogonal && skip != 0 && skip < kLeast * residual) return true;
  }
  return false;
}

void require_valid(const Network& network, const SimulationOptions& options) {
  if (options.samples == 0 || options.samples > kMostSamples) {
    throw std::invalid_argument(fmt::format("samples: {} is out of range [1, 10^13]", options.samples));
  }
  require_threads(options.threads);
  const bool is_dense = options.method == Method::kDense;
  if (network.architecture().weights == Weights::kUniform && !is_dense) {
    throw std::invalid_argument("weights: uniform is for the dense method; they must be gaussian for the fast one");
  }
  if (options.gradients && network.architecture().norm == Normalization::kFinal) {
    throw std::invalid_argument("gradients: those through a final normalization are not simulated; norm must be pre");
  }
  if (options.gradients && !is_dense && !network.has_standard_architecture()) {
    throw std::invalid_argument(
        "gradients: the fast method has those of activation-first Gaussian branches without normalization; the method "
        "must be dense here");
  }
  if (options.estimator == Estimator::kAntithetic) {
    require_standard_architecture(network, "antithetic networks");
    if (is_dense) {
      throw std::invalid_argument("estimator: antithetic contradicts the dense method; it is for the fast one");
    }
    if (options.samples % 2 != 0) {
      throw std::invalid_argument(fmt::format(
          "samples: {} is odd; antithetic networks come in pairs and need an even number", options.samples));
    }
    if (!cannot_die(network)) {
      throw std::invalid_argument(
          "estimator: antithetic is for networks that cannot die; ReLU layers with alpha = 0 can. It must be plain");
    }
  }
  if (options.gradients == OutputDirection::kOrthogonal && network.width(network.depth()) < 2) {
    throw std::invalid_argument(
        "gradients: no direction is orthogonal to one neuron; it must be random, or the width 2");
  }
  const bool keeps_branches = options.gradients || is_dense;
  if (keeps_branches && network.branch_depth() > kDeepestBranch) {
    throw std::invalid_argument(fmt::format(
        "branch_depth: {} layers in a branch; gradients and the dense method take {} at most, since numbers "
        "in deeper ones leave a double's range",
        network.branch_depth(), kDeepestBranch));
  }
  if (options.gradients && options.precision == Precision::kFloat && float_loses_gradients(network, options)) {
    throw std::invalid_argument(
        "gradients: with one of alpha and lambda less than 10^-3 of the other they need double precision here");
  }
  for (const std::size_t lag : options.lags.value_or(std::vector<std::size_t>{})) {
    if (lag >= network.depth()) {
      throw std::invalid_argument(fmt::format("lags: {} is out of range [0, {}]", lag, network.depth() - 1));
    }
  }
}

/// The network, if it can be simulated so.
Network checked(Network network, const SimulationOptions& options, unsigned threads) {
  require_valid(network, options);
  require_memory_for(network, options, threads);
  return network;
}

Statistics empty_statistics(const Network& network, const SimulationOptions& options, const Input& input) {
  Statistics empty{Accumulator(network, input, options.lags.value_or(default_lags(network))), {}, {}};
  if (options.estimator == Estimator::kAntithetic) empty.pairs.emplace(network, input);
  if (options.gradients) empty.gradients.emplace(network, input);
  return empty;
}

}  // namespace

double updates(const Network& network, Method method) {
  if (network.architecture().branch == Branch::kLinearFirst) {
    const auto n = static_cast<double>(network.width(0));
    const auto m = static_cast<double>(network.branch_width());
    const auto inner_layers = static_cast<double>(network.branch_depth() - 1);
    const double per_layer = method == Method::kFast ? n + inner_layers * m : 2 * n * m + (inner_layers - 1) * m * m;
    return static_cast<double>(network.depth()) * per_layer;
  }
  if (method == Method::kFast) return neurons(network);
  if (network.widths().is_constant()) return neurons(network) * static_cast<double>(network.width(0));
  double sum = 0;
  double width_before = static_cast<double>(network.width(0));
  for (std::size_t l = 0; l <= network.depth(); ++l) {
    const auto width = static_cast<double>(network.width(l));
    sum += width * width_before;
    width_before = width;
  }
  return sum;
}

Sampler::Sampler(Network network, SimulationOptions options, Input input, unsigned threads)
    : network_(checked(std::move(network), options, threads)),
      options_(std::move(options)),
      input_(std::move(input)),
      log_input_(input_.log_mean_square(network_)),
      engine_(options_.method == Method::kFast
                  ? make_fast_engine(network_, input_, options_.seed, options_.precision, options_.gradients)
                  : make_dense_engine(network_, input_, options_.seed, options_.precision, options_.gradients)),
      antithetic_engine_(options_.estimator == Estimator::kAntithetic
                             ? make_antithetic_engine(network_, options_.seed, options_.precision)
                             : nullptr),
      networks_each_(antithetic_engine_ ? 2 : 1),
      samples_(options_.samples / networks_each_),
      chunk_samples_(chunk_size(network_, options_.method)),
      empty_(empty_statistics(network_, options_, input_)) {}

std::uint64_t Sampler::networks(std::uint64_t chunks) const {
  return networks_each_ * std::min(samples_, chunks * chunk_samples_);
}

template <typename Use>
void Sampler::for_each_block(std::uint64_t index, const Use& use) const {
  const std::uint64_t end = std::min(samples_, (index + 1) * chunk_samples_);
  for (std::uint64_t first = index * chunk_samples_; first < end; first += kBlock) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, end - first));
    use(engine_->run(first, count), first, count);
  }
}

Chunk Sampler::simulate(std::uint64_t index) const {
  Chunk chunk{empty_, {}};
  auto& numbers = chunk.numbers;
  if (options_.gradients) numbers.gradient.emplace();
  for_each_block(index, [&](const Block& block, std::uint64_t first, std::size_t count) {
    chunk.statistics.accumulator.add(block, count);
    if (antithetic_engine_) chunk.statistics.pairs->add(block, antithetic_engine_->run(first, count), count);
    for (std::size_t i = 0; i < count; ++i) {
      if (std::isinf(block.last_log_norm2()[i])) continue;
      const double log_scale = log_input_ + output_growth(network_, log_input_, block.last_log_norm2()[i]);
      numbers.log_output_norm2.push_back(log_scale + block.log_output_norm2[i]);
      numbers.log_output_square.push_back(log_scale + 2 * std::log(std::abs(block.output[i])));
    }
    if (!options_.gradients) return;
    for (const auto& [growth, input_norm2, ntk] : chunk.statistics.gradients->add(block, count)) {
      numbers.gradient->growth.push_back(growth);
      if (!std::isinf(input_norm2)) numbers.gradient->log_input_norm2.push_back(input_norm2);
      numbers.gradient->log_ntk.push_back(ntk);
    }
  });
  return chunk;
}

std::vector<double> Sampler::log_output_norm2(std::uint64_t index) const {
  std::vector<double> values;
  for_each_block(index, [&](const Block& block, std::uint64_t, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const double G = block.last_log_norm2()[i];
      values.push_back(log_input_ + (std::isinf(G) ? G : output_growth(network_, log_input_, G)) +
                       block.log_output_norm2[i]);
    }
  });
  return values;
}

std::vector<double> Sampler::growth_paths(std::uint64_t first, std::uint64_t count) const {
  const NetworkScales scales(network_, input_);
  const std::size_t d = network_.depth();
  const auto output_at = [&](double G) { return output_growth(network_, log_input_, G); };
  const double output = output_at(scales.log_growth()) + std::log(static_cast<double>(network_.outputs()));
  std::vector<double> paths;
  for (std::uint64_t begin = first; begin < first + count; begin += kBlock) {
    const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, first + count - begin));
    const Block block = engine_->run(begin, here);
    for (std::size_t i = 0; i < here; ++i) {
      for (std::size_t l = 0; l <= d; ++l) paths.push_back(block.log_norm2[l * kBlock + i] - scales.log_growth(l));
      const double G = block.last_log_norm2()[i];
      paths.push_back(std::isinf(G) ? G : output_at(G) + block.log_output_norm2[i] - output);
    }
  }
  return paths;
}

OrderedSums Sampler::sums(std::uint64_t first) const {
  Distributions<Histogram> histograms{
      output_histogram(network_, input_, network_.outputs()), output_histogram(network_, input_, 1), {}};
  if (options_.gradients) histograms.gradient = gradient_histograms(network_, input_);
  return {first, empty_, std::move(histograms)};
}

Ensemble Sampler::ensemble(OrderedSums sums, const std::optional<Chunk>& remainder) const {
  Statistics total = sums.statistics();
  Distributions<Histogram> histograms = std::move(sums).histograms();
  if (remainder) {
    total.merge(remainder->statistics);
    count(remainder->numbers, histograms);
  }
  Ensemble ensemble = total.accumulator.ensemble(network_, input_, options_);
  ensemble.samples *= networks_each_;
  if (total.pairs) ensemble.antithetic = total.pairs->estimates(ensemble);
  if (histograms.log_output_norm2.count() > 0) {
    ensemble.log_output_norm2_histogram = std::move(histograms.log_output_norm2);
    ensemble.log_output_square_histogram = std::move(histograms.log_output_square);
  }
  if (total.gradients) ensemble.gradients = total.gradients->gradients(std::move(*histograms.gradient));
  return ensemble;
}

}  // namespace initlaw
