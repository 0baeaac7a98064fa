// The core's functions for the page, by name: JSON and bytes in, JSON and bytes out. The bytes are doubles, or what
// tasks send each other.

#include <fmt/core.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "comparison/best_law.hpp"
#include "comparison/comparison.hpp"
#include "comparison/verdict.hpp"
#include "initlaw/initlaw.hpp"
#include "law/laws.hpp"
#include "network/from_string.hpp"
#include "network/network_document.hpp"
#include "network/network_scales.hpp"
#include "parallel/sample.hpp"
#include "result/command_options.hpp"
#include "result/json.hpp"
#include "result/json_parts.hpp"
#include "simulation/simulation_task.hpp"
#include "statistics/density.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

struct Answer {
  Json json;
  std::string bytes;
};

std::vector<double> doubles_of(std::string_view bytes) {
  std::vector<double> numbers(bytes.size() / sizeof(double));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(double));
  return numbers;
}

std::string bytes_of(std::span<const double> numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
}

Network network_of(const Json& request) { return network_from_document(request.at("fields")); }

SimulationOptions options_of(const Json& request) {
  SimulationOptions options{.samples = request.at("samples"), .seed = request.at("seed")};
  if (request.contains("gradients")) options.gradients = from_json<OutputDirection>("gradients", request["gradients"]);
  return options;
}

/// f(law, number) for each law and number: the laws' keys, and as bytes their numbers, one law after the other.
template <typename Laws, typename Function>
Answer evaluate(const Laws& laws, std::string_view bytes, const Function& f) {
  Answer answer{Json::array(), {}};
  const std::vector<double> numbers = doubles_of(bytes);
  for (const auto& [key, law] : laws) {
    answer.json.push_back(key);
    std::vector<double> values;
    for (const double number : numbers) values.push_back(f(law, number));
    answer.bytes += bytes_of(values);
  }
  return answer;
}

std::vector<std::pair<std::string_view, Law>> keyed_laws(const Network& network) {
  std::vector<std::pair<std::string_view, Law>> keyed;
  for (const auto& [kind, law] : laws(network, {})) keyed.emplace_back(kind.key, law);
  return keyed;
}

Answer network(const Json& request, std::string_view) { return {network_document(network_of(request)), {}}; }

Answer predict(const Json& request, std::string_view) {
  return {to_document(initlaw::predict(
              network_of(request), {},
              {.gradients = request.value("gradients", false), .regime = request.value("regime", true)})),
          {}};
}

Answer density(const Json& request, std::string_view points) {
  const Network network = network_of(request);
  const std::string of = request.at("of");
  if (of == "gradient") {
    const std::pair law{std::string_view("gradient"), gradient_limit(network).random};
    return evaluate(std::span(&law, 1), points, [](const GradientLaw& one, double x) { return one.pdf(x); });
  }
  auto laws = keyed_laws(network);
  if (of == "output") {
    for (auto& [key, law] : laws) law = law.output().log_square();
  }
  return evaluate(laws, points, [](const Law& law, double x) { return law.pdf(x); });
}

Answer quantiles(const Json& request, std::string_view probabilities) {
  return evaluate(keyed_laws(network_of(request)), probabilities,
                  [](const Law& law, double p) { return law.quantile(p); });
}

Answer infinite_width_norms(const Json& request, std::string_view) {
  const Network network = network_of(request);
  const NetworkScales scales(network);
  std::vector<double> log_norm2;
  for (std::size_t l = 0; l <= network.depth(); ++l) {
    log_norm2.push_back(Input().log_mean_square(network) + scales.log_growth(l) +
                        std::log(static_cast<double>(network.width(l))));
  }
  return {{}, bytes_of(log_norm2)};
}

/// The distance of each law from the best one, if that is of any use. Where it is known to first order, its own
/// distance from the truth is not known, and left out.
Answer distances(const Json& request, std::string_view) {
  const Network network = network_of(request);
  const BestLaw best = best_law(network, {});
  Json distances = Json::object();
  if (best.accuracy == LawAccuracy::kUnknown) return {std::move(distances), {}};
  for (const auto& [key, law] : keyed_laws(network)) {
    if (key != best.law.kind.key) {
      distances[key] = kolmogorov_smirnov(law, best.law.law);
    } else if (best.accuracy == LawAccuracy::kBounded) {
      distances[key] = 0.0;
    }
  }
  return {std::move(distances), {}};
}

Answer paths(const Json& request, std::string_view) {
  const std::uint64_t first = request.at("first"), count = request.at("count");
  const Sampler sampler(network_of(request), {.samples = first + count, .seed = request.at("seed")}, {}, 1);
  return {{}, bytes_of(sampler.growth_paths(first, count))};
}

Answer copy(const Json& request, std::string_view) {
  const Network network = network_of(request);
  const SimulationOptions options = options_of(request);
  return {{{"command", fmt::format("initlaw compare {} --samples {} --seed {}", command_options(network),
                                   options.samples, options.seed)},
           {"toml", to_toml(network)}},
          {}};
}

/// Some chunks of a simulation, for the Collector's.
Answer simulate(const Json& request, std::string_view) {
  const SimulationTask task{network_of(request), options_of(request), {}, request.at("first"), request.at("chunks")};
  return {{}, to_bytes(perform(task))};
}

/// A simulation to which others bring their chunks, in order.
class Collector {
 public:
  Collector(Network network, const SimulationOptions& options)
      : sampler_(network, options, {}, 1),
        network_(std::move(network)),
        laws_(initlaw::laws(network_, {})),
        sums_(sampler_.sums()) {}

  const Sampler& sampler() const { return sampler_; }
  std::uint64_t networks() const { return remainder_ ? sampler_.options().samples : sampler_.networks(sums_.end()); }

  void append(std::string_view bytes) { sums_.append(ordered_sums_from_bytes(sampler_, bytes)); }
  /// What no whole chunk holds, once those are all there.
  void finish() { remainder_ = remainder_of(sampler_); }

  Ensemble ensemble() const { return sampler_.ensemble(sums_, remainder_); }
  const std::vector<NamedLaw>& laws() const { return laws_; }

 private:
  Sampler sampler_;
  Network network_;
  std::vector<NamedLaw> laws_;
  OrderedSums sums_;
  std::optional<Chunk> remainder_;
};
std::optional<Collector> collector;

Answer begin(const Json& request, std::string_view) {
  collector.emplace(network_of(request), options_of(request));
  return {{{"chunks", collector->sampler().whole_chunks()}}, {}};
}

Answer append(const Json&, std::string_view bytes) {
  collector->append(bytes);
  return {collector->networks(), {}};
}

Answer finish(const Json&, std::string_view) {
  collector->finish();
  return {collector->networks(), {}};
}

Json density_document(const Histogram& histogram, const std::vector<double>& edges) {
  Json document = {{"density", Json::array()}, {"std_error", Json::array()}};
  for (const auto& [value, std_error] : density(histogram, edges)) {
    document["density"].push_back(value);
    document["std_error"].push_back(std_error);
  }
  return document;
}

/// What `initlaw compare` says of an ensemble, all of it: distances take a second.
Json whole_comparison(Ensemble ensemble) {
  const PredictionParts parts{.gradients = ensemble.options.gradients.has_value()};
  Prediction prediction = initlaw::predict(ensemble.network, ensemble.input, parts);
  return to_document(compare(std::move(ensemble), std::move(prediction)));
}

/// The same without the prediction, and of the distances that of Kolmogorov and Smirnov alone.
Json quick_comparison(const Ensemble& ensemble) {
  Json fit = Json::object();
  for (const auto& [kind, law] : collector->laws()) {
    const auto [ks, std_error] = kolmogorov_smirnov(ensemble, law);
    fit[kind.key] = {{"ks", ks},
                     {"ks_std_error", std_error},
                     {"verdict", to_string(verdict_on(ks, ensemble.log_output_norm2.count()))}};
  }
  return {{"simulation", to_document(ensemble)}, {"fit", std::move(fit)}};
}

/// One of the two, and densities between edges; nothing as long as no network lives.
Answer result(const Json& request, std::string_view) {
  const Ensemble ensemble = collector->ensemble();
  if (ensemble.samples == ensemble.dead) {
    if (ensemble.samples < collector->sampler().options().samples) return {};
    throw std::runtime_error(fmt::format("all {} networks that were simulated are dead (z_out = 0)", ensemble.dead));
  }
  Json document = request.at("whole") ? whole_comparison(ensemble) : quick_comparison(ensemble);
  document["resolution"] = resolution(ensemble.log_output_norm2_histogram->count());
  Json& histograms = document["histograms"] = Json::object();
  for (const auto& [key, edges] : request.at("edges").items()) {
    if (key == "norm") histograms[key] = density_document(*ensemble.log_output_norm2_histogram, edges);
    if (key == "output") histograms[key] = density_document(*ensemble.log_output_square_histogram, edges);
    if (key == "gradient" && ensemble.gradients && ensemble.gradients->growth_histogram.count() > 0) {
      histograms[key] = density_document(ensemble.gradients->growth_histogram, edges);
    }
  }
  return {std::move(document), {}};
}

const std::map<std::string, Answer (*)(const Json& request, std::string_view bytes), std::less<>> kFunctions = {
    {"network", network},     {"predict", predict}, {"density", density},
    {"quantiles", quantiles}, {"paths", paths},     {"infiniteWidth", infinite_width_norms},
    {"distances", distances}, {"copy", copy},       {"simulate", simulate},
    {"begin", begin},         {"append", append},   {"finish", finish},
    {"result", result}};

/// What the page reads.
struct Reply {
  const char* text;
  std::size_t text_size;
  const char* bytes;
  std::size_t bytes_size;
  bool failed;
};

}  // namespace
}  // namespace initlaw

extern "C" {

[[clang::export_name("allocate")]] void* initlaw_allocate(std::size_t size) { return ::operator new(size); }

/// Answers a request, {"function": ..., and its arguments}, and frees the two blocks. The reply is valid until the next
/// call; if it failed, its text is the error's.
[[clang::export_name("call")]] const initlaw::Reply* initlaw_call(char* text, std::size_t text_size, char* bytes,
                                                                  std::size_t bytes_size) {
  static std::string answer_text, answer_bytes;
  static initlaw::Reply reply;
  bool failed = false;
  try {
    const auto request = initlaw::Json::parse(text, text + text_size);
    auto answer = initlaw::kFunctions.at(request.at("function"))(request, {bytes, bytes_size});
    answer_text = answer.json.dump();
    answer_bytes = std::move(answer.bytes);
  } catch (const std::exception& error) {
    answer_text = error.what();
    answer_bytes.clear();
    failed = true;
  }
  ::operator delete(text);
  ::operator delete(bytes);
  reply = {answer_text.data(), answer_text.size(), answer_bytes.data(), answer_bytes.size(), failed};
  return &reply;
}
}
