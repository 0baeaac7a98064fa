// Pins the bits of small simulations of every kind, so that no change of the code changes a result unnoticed. A change
// that is meant to raises kResultVersion, and writes the new digests: each failure prints the line to replace.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "engine/engine.hpp"
#include "initlaw/tail.hpp"
#include "result/json.hpp"
#include "support/small_networks.hpp"

namespace initlaw {
namespace {

/// FNV-1a of numbers' bits, one after the other.
class Digest {
 public:
  void add(std::uint64_t word) {
    for (int i = 0; i < 64; i += 8) hash_ = (hash_ ^ ((word >> i) & 255)) * 0x100000001B3;
  }
  void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
  void add(const std::vector<double>& values) {
    for (const double value : values) add(value);
  }
  /// All numbers of a document, whatever they are called.
  void add(const nlohmann::ordered_json& document) {
    if (document.is_number_float()) {
      add(document.get<double>());
    } else if (document.is_number()) {
      add(document.get<std::uint64_t>());
    } else if (document.is_structured()) {
      for (const auto& part : document) add(part);
    }
  }
  void add(const Histogram& histogram) {
    add(histogram.low_edge(0));
    add(histogram.smallest());
    add(histogram.largest());
    for (const std::uint64_t count : histogram.counts()) add(count);
  }
  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325;
};

const std::map<std::string, std::string>& golden_digests() {
  static const std::map<std::string, std::string> digests = [] {
    std::ifstream file(INITLAW_GOLDEN_DIGESTS);
    std::map<std::string, std::string> read;
    for (std::string name, digest; file >> name >> digest;) read[name] = digest;
    return read;
  }();
  return digests;
}

void expect_golden(const std::string& name, const Digest& digest) {
  const auto found = golden_digests().find(name);
  const std::string expected = found == golden_digests().end() ? "" : found->second;
  EXPECT_EQ(digest.text(), expected) << "digests.txt: " << name << " " << digest.text();
}

Digest digest_of(const Block& block, const Network& network, std::size_t count) {
  Digest digest;
  for (std::size_t i = 0; i < count; ++i) {
    const double last = block.last_log_norm2()[i];
    digest.add(last);
    if (std::isinf(last)) continue;  // what else a dead network has is unspecified
    for (std::size_t l = 0; l < network.depth(); ++l) {
      digest.add(block.log_norm2[l * kBlock + i]);
      digest.add(block.S[l * kBlock + i]);
      digest.add(block.active[l * kBlock + i]);
    }
    digest.add(block.output[i]);
    digest.add(block.log_output_norm2[i]);
    if (!block.gradients) continue;
    for (std::size_t l = 0; l <= network.depth(); ++l) digest.add(block.gradients->log_norm2[l * kBlock + i]);
    for (std::size_t l = 0; l < network.depth() + 2; ++l) digest.add(block.gradients->log_weight2[l * kBlock + i]);
    digest.add(block.gradients->log_input_norm2[i]);
  }
  return digest;
}

Digest digest_of(const Ensemble& ensemble) {
  Digest digest;
  digest.add(to_document(ensemble));
  if (ensemble.log_output_norm2_histogram) digest.add(*ensemble.log_output_norm2_histogram);
  if (ensemble.log_output_square_histogram) digest.add(*ensemble.log_output_square_histogram);
  if (ensemble.gradients) digest.add(ensemble.gradients->growth_histogram);
  return digest;
}

class Golden : public ::testing::TestWithParam<SmallNetwork> {};

TEST_P(Golden, Blocks) {
  const auto& [name, network] = GetParam();
  for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
    const char* bits = precision == Precision::kFloat ? "float" : "double";
    const auto expect = [&](const char* kind, const Engine& engine) {
      expect_golden(fmt::format("{}/{}/{}", name, kind, bits), digest_of(engine.run(32, kBlock), network, kBlock));
    };
    expect("fast", *make_fast_engine(network, Input(), 1, precision));
    expect("mirrored", *make_antithetic_engine(network, 1, precision));
    expect("random-gradient", *make_fast_engine(network, Input(), 1, precision, OutputDirection::kRandom));
    expect("orthogonal-gradient", *make_fast_engine(network, Input(), 1, precision, OutputDirection::kOrthogonal));
    expect("dense", *make_dense_engine(network, Input(), 1, precision, OutputDirection::kRandom));
  }
}

TEST_P(Golden, Ensembles) {
  const auto& [name, network] = GetParam();
  const auto expect = [&, &name = name, &network = network](const char* kind, const SimulationOptions& options) {
    expect_golden(fmt::format("{}/{}", name, kind), digest_of(simulate(network, options)));
  };
  expect("simulate", {.samples = 10'000, .seed = 7});
  expect("simulate-gradients", {.samples = 5'000, .gradients = OutputDirection::kRandom});
  expect("simulate-dense", {.samples = 1'000, .method = Method::kDense, .precision = Precision::kDouble});
  if (network.flip() < 1 && std::string(name) == "Vanilla") {
    expect("simulate-antithetic", {.samples = 10'000, .estimator = Estimator::kAntithetic});
  }
}

TEST_P(Golden, SeveralInputs) {
  const auto& [name, network] = GetParam();
  const std::size_t n_in = network.inputs();
  std::vector<std::vector<double>> inputs(3, std::vector<double>(n_in, 1.0));
  for (std::size_t i = 0; i < n_in; ++i) inputs[1][i] = static_cast<double>(i) - 0.5;
  inputs[2][0] = 3;
  Digest joint;
  const JointEnsemble ensemble = simulate_jointly(network, JointOptions{.samples = 200}, inputs);
  for (const auto* moments :
       {&ensemble.growth, &ensemble.growth_difference, &ensemble.output_covariance, &ensemble.cosine.back()}) {
    for (const Moments& each : *moments) {
      joint.add(each.count());
      joint.add(each.mean().value);
      joint.add(each.variance().value);
    }
  }
  expect_golden(fmt::format("{}/several-inputs", name), joint);
}

TEST_P(Golden, Tails) {
  const auto& [name, network] = GetParam();
  Digest tail;
  const Tail found = tail_probability(network, {.threshold = 20, .samples = 40'000});
  tail.add(found.samples);
  tail.add(found.probability.value);
  tail.add(found.probability.std_error);
  expect_golden(fmt::format("{}/tail", name), tail);
}

class GoldenArchitectures : public ::testing::TestWithParam<SmallNetwork> {};

TEST_P(GoldenArchitectures, Blocks) {
  const auto& [name, network] = GetParam();
  const Input input(std::vector<double>(network.inputs(), 1.5));
  for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
    const char* bits = precision == Precision::kFloat ? "float" : "double";
    expect_golden(fmt::format("{}/fast/{}", name, bits),
                  digest_of(make_fast_engine(network, input, 1, precision)->run(32, kBlock), network, kBlock));
  }
  expect_golden(fmt::format("{}/simulate", name), digest_of(simulate(network, {.samples = 10'000, .seed = 7}, input)));
}

INSTANTIATE_TEST_SUITE_P(Networks, GoldenArchitectures, ::testing::ValuesIn(small_networks_of_other_architectures()),
                         [](const auto& test) { return test.param.name; });
INSTANTIATE_TEST_SUITE_P(Networks, Golden, ::testing::ValuesIn(small_networks()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initlaw
