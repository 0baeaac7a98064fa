#include "cli/options.hpp"

#include <fmt/core.h>

#include <charconv>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/usage_error.hpp"
#include "network/network_document.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

template <typename Number>
std::optional<Number> parse(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string option_name(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return "--" + key;
}

/// A whole number, also as 1e6.
Json parse_count(const std::string& key, const std::string& text) {
  if (const auto count = parse<std::uint64_t>(text)) return *count;
  const auto number = parse<double>(text);
  if (number && *number < 0)
    throw UsageError(fmt::format("{} {}: is negative; it must be at least 1", option_name(key), text));
  if (!number || *number != std::floor(*number)) {
    throw UsageError(fmt::format("{} {}: is not a whole number", option_name(key), text));
  }
  if (*number >= std::ldexp(1.0, 63)) throw UsageError(fmt::format("{} {}: is too large", option_name(key), text));
  return static_cast<std::uint64_t>(*number);
}

Json parse_number(const std::string& key, const std::string& text) {
  if (const auto number = parse<double>(text)) return *number;
  throw UsageError(fmt::format("{} {}: is not a number", option_name(key), text));
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || !text) throw UsageError(fmt::format("{}: cannot be read", path));
  return text.str();
}

/// Gives `choices[text]`, or says which choices there are.
template <typename Value>
Value choose(const std::string& key, const std::string& text, const std::map<std::string, Value>& choices) {
  const auto match = choices.find(text);
  if (match != choices.end()) return match->second;
  std::string names;
  for (const auto& [name, value] : choices) names += (names.empty() ? "" : ", ") + name;
  throw UsageError(fmt::format("--{} {}: is not one of {}", key, text, names));
}

}  // namespace

void NetworkOptions::add_to(CLI::App& command) {
  const auto add = [&](const std::string& key, const std::string& type, const std::string& description) {
    command.add_option(option_name(key), network_[key], description)->type_name(type)->group("Network");
  };
  add("family", "NAME", "fully-connected, vanilla (default), balanced or stable");
  add("width", "N", "neurons in each hidden layer");
  add("depth", "D", "residual layers");
  add("inputs", "N", "length of the input (default: the input file's, else 1)");
  add("outputs", "N", "length of the output (default 1)");
  add("alpha", "A", "skip scale of a vanilla or balanced ResNet (default 0.7071, 1/sqrt 2)");
  add("lambda", "L", "residual scale (default 0.7071; stable: c of lambda = c/sqrt(depth), default 1)");
  add("leak", "A", "slope of the activation's negative side, in [-1, 1] (default 0: ReLU)");
  add("flip", "P", "probability that a neuron's sign flips from layer to layer (vanilla, stable; default 0)");
  add("branch_depth", "B", "weight layers in a residual branch (default 1)");
  command.add_option("--network", network_file_, "the network as a TOML file, in place of all options above")
      ->type_name("FILE")
      ->group("Network");
  command.add_option("--input", input_file_, "CSV or .npy file, one input a row, may be gzipped (default: norm 1)")
      ->type_name("FILE")
      ->group("Network");
  command.add_option("--row", row_, "the input file's row, from 0 (default 0)")->type_name("R")->group("Network");
}

NetworkOptions::Values NetworkOptions::values() const {
  Json document = Json::object();
  for (const auto& [key, text] : network_) {
    if (text.empty()) continue;
    if (!network_file_.empty()) {
      throw UsageError(fmt::format("{} contradicts --network; the file {} describes the whole network",
                                   option_name(key), network_file_));
    }
    if (key == "family") {
      document[key] = text;
    } else if (key == "alpha" || key == "lambda" || key == "leak" || key == "flip") {
      document[key] = parse_number(key, text);
    } else {
      document[key] = parse_count(key, text);
    }
  }
  if (input_file_.empty() && !row_.empty()) throw UsageError("--row is given without --input");
  try {
    Input input;
    if (!input_file_.empty()) {
      input = read_input(input_file_, row_.empty() ? 0 : parse_count("row", row_).get<std::size_t>());
      if (network_file_.empty() && !document.contains("inputs")) document["inputs"] = input.size();
    }
    if (!network_file_.empty()) {
      const std::string text = read_text(network_file_);
      try {
        Values values{network_from_toml(text), std::move(input)};
        values.input.log_mean_square(values.network);
        return values;
      } catch (const std::invalid_argument& error) {
        throw UsageError(fmt::format("{}: {}", network_file_, error.what()));
      }
    }
    if (!document.contains("family")) document["family"] = "vanilla";
    Values values{network_from_document(document), std::move(input)};
    values.input.log_mean_square(values.network);
    return values;
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

void PlanOptions::add_to(CLI::App& command) {
  const auto add = [&](const std::string& key, const std::string& type, const std::string& description) {
    command.add_option("--" + key, counts_[key], description)->type_name(type)->group("Simulation");
  };
  add("samples", "N", "random networks to simulate (default 100000)");
  add("seed", "S", "seed; the result depends on it and not on the number of threads (default 1)");
  add("threads", "T", "threads (default: all cores)");
  command
      .add_option("--precision", precision_,
                  "float (default) or double: of the layer updates; statistics are double throughout")
      ->type_name("NAME")
      ->group("Simulation");
  command.add_option("--method", method_, "fast (default): O(n) per layer; dense: every weight drawn, the reference")
      ->type_name("NAME")
      ->group("Simulation");
}

Plan PlanOptions::plan() const {
  Plan plan;
  const auto read = [&](const char* key, auto& target) {
    const std::string& text = counts_.at(key);
    if (text.empty()) return;
    const auto count = parse_count(key, text).get<std::uint64_t>();
    if (count > std::numeric_limits<std::remove_reference_t<decltype(target)>>::max()) {
      throw UsageError(fmt::format("--{} {}: is too large", key, text));
    }
    target = static_cast<std::remove_reference_t<decltype(target)>>(count);
  };
  read("samples", plan.samples);
  read("seed", plan.seed);
  read("threads", plan.threads);
  if (!precision_.empty()) {
    plan.precision =
        choose<Precision>("precision", precision_, {{"float", Precision::kFloat}, {"double", Precision::kDouble}});
  }
  if (!method_.empty()) {
    plan.method = choose<Method>("method", method_, {{"fast", Method::kFast}, {"dense", Method::kDense}});
  }
  return plan;
}

void JsonOption::add_to(CLI::App& command) {
  command
      .add_option("--json", path_,
                  "write the machine-readable answer; - for standard output, which then holds it alone")
      ->type_name("FILE");
}

std::unique_ptr<OutputFile> JsonOption::open() const {
  return path_.empty() ? nullptr : std::make_unique<OutputFile>(path_);
}

}  // namespace initlaw
