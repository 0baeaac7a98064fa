#include "cli/options.hpp"

#include <fmt/core.h>

#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>
#include <optional>
#include <stdexcept>

#include "cli/command_line.hpp"
#include "comparison/joint_comparison.hpp"
#include "joint/number_lists.hpp"
#include "network/from_string.hpp"
#include "network/network_document.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

template <typename Number>
std::optional<Number> parse(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_one_of(const std::string& key, const auto&... keys) { return ((key == keys) || ...); }

std::string option_name(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return "--" + key;
}

/// A whole number, also as 1e6.
Json parse_count(const std::string& key, const std::string& text) {
  if (const auto count = parse<std::uint64_t>(text)) return *count;
  const auto number = parse<double>(text);
  if (number && *number < 0)
    throw std::invalid_argument(fmt::format("{} {}: is negative; it must be a whole number", option_name(key), text));
  if (!number || *number != std::floor(*number)) {
    throw std::invalid_argument(fmt::format("{} {}: is not a whole number", option_name(key), text));
  }
  if (*number >= std::ldexp(1.0, 63))
    throw std::invalid_argument(fmt::format("{} {}: is too large", option_name(key), text));
  return static_cast<std::uint64_t>(*number);
}

Json parse_number(const std::string& key, const std::string& text) {
  if (const auto number = parse<double>(text)) return *number;
  throw std::invalid_argument(fmt::format("{} {}: is not a number", option_name(key), text));
}

/// The options that every simulation has.
void add_counts(CLI::App& command, std::map<std::string, std::string>& counts,
                std::optional<std::uint64_t> samples = std::nullopt) {
  const auto add = [&](const std::string& key, const std::string& type, const std::string& description) {
    add_text(command, "--" + key, counts[key], description)->type_name(type)->group("Simulation");
  };
  if (samples) add("samples", "N", fmt::format("random networks to simulate (default {})", *samples));
  add("seed", "S", "seed; the result depends on it and not on the number of threads (default 1)");
  add("threads", "T", "threads (default: all cores)");
}

template <typename AnyPlan>
void read_counts(const std::map<std::string, std::string>& counts, AnyPlan& options) {
  const auto read = [&](const char* key, auto& target) {
    const std::string& text = counts.at(key);
    if (text.empty()) return;
    const auto count = parse_count(key, text).get<std::uint64_t>();
    if (count > std::numeric_limits<std::remove_reference_t<decltype(target)>>::max()) {
      throw std::invalid_argument(fmt::format("--{} {}: is too large", key, text));
    }
    target = static_cast<std::remove_reference_t<decltype(target)>>(count);
  };
  if constexpr (requires { options.samples; }) read("samples", options.samples);
  read("seed", options.seed);
  read("threads", options.threads);
}

/// Throws std::invalid_argument unless the input has the length that the network takes.
void require_match(const Network& network, const Input& input) { input.log_mean_square(network); }

/// The network in a file, after `check(network)`, whose complaints get the file's name.
template <typename Check>
Network network_from_file(const std::string& path, const Check& check) {
  const std::string text = read_text(path);
  try {
    Network network = network_from_toml(text);
    check(network);
    return network;
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", path, error.what()));
  }
}

}  // namespace

CLI::Option* add_text(CLI::App& command, const std::string& name, std::string& text, const std::string& description) {
  const auto refuse_empty = [](const std::string& value) { return std::string(value.empty() ? "is empty" : ""); };
  return command.add_option(name, text, description)->check(refuse_empty);
}

std::uint64_t count_of(const std::string& key, const std::string& text) {
  return parse_count(key, text).get<std::uint64_t>();
}

double number_of(const std::string& key, const std::string& text) { return parse_number(key, text).get<double>(); }

void InputOptions::add_to(CLI::App& command) {
  add_text(command, "--input", file_, "CSV or .npy file, one input a row, may be gzipped (default: norm 1)")
      ->type_name("FILE")
      ->group("Network");
  add_text(command, "--row", row_, "the input file's row, from 0 (default 0)")->type_name("R")->group("Network");
}

Input InputOptions::input() const {
  if (file_.empty() && !row_.empty()) throw std::invalid_argument("--row is given without --input");
  if (file_.empty()) return {};
  return read_input(file_, row_.empty() ? 0 : parse_count("row", row_).get<std::size_t>());
}

std::vector<std::vector<double>> InputOptions::inputs(const std::string& rows) const {
  if (file_.empty()) throw std::invalid_argument("--rows: of which file? Give --input, too");
  if (!row_.empty()) throw std::invalid_argument("--row contradicts --rows; give one of them");
  return read_rows(file_, numbers_in("--rows", rows));
}

std::string InputOptions::text() const {
  if (file_.empty()) return "";
  return "--input " + shell_quoted(file_) + (row_.empty() ? "" : " --row " + shell_quoted(row_));
}

void NetworkOptions::add_to(CLI::App& command) {
  const auto add = [&](const std::string& key, const std::string& type, const std::string& description) {
    add_text(command, option_name(key), network_[key], description)->type_name(type)->group("Network");
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
  add("branch_depth", "B", "weight layers in a residual branch (default 1, linear-first 2)");
  add("branch", "NAME", "activation-first (default) or linear-first: W_2 phi(W_1 z), as in a transformer's MLP");
  add("branch_width", "M", "neurons inside a linear-first branch (default: as many as the stream has)");
  add("norm", "NAME", "none (default), pre: before each branch (RMSNorm), or final: before the output layer, too");
  add("activation", "NAME", "relu (default), leaky-relu, abs, identity; with a norm also gelu, silu, tanh, erf");
  add("weights", "NAME", "gaussian (default), orthogonal, or, with the dense method, uniform");
  add("input_layer", "NAME", "gaussian (default) or orthogonal: ||z_0|| is fixed by the input's norm");
  add_text(command, "--network", network_file_, "the network as a TOML file, in place of all options above")
      ->type_name("FILE")
      ->group("Network");
  input_.add_to(command);
}

/// What the options say, as a network's document without the number of inputs, if it was not given.
Json NetworkOptions::document() const {
  Json document = Json::object();
  for (const auto& [key, text] : network_) {
    if (text.empty()) continue;
    if (!network_file_.empty()) {
      throw std::invalid_argument(fmt::format("{} contradicts --network; the file {} describes the whole network",
                                              option_name(key), network_file_));
    }
    if (is_one_of(key, "family", "branch", "norm", "activation", "weights", "input_layer")) {
      document[key] = text;
    } else if (is_one_of(key, "alpha", "lambda", "leak", "flip")) {
      document[key] = parse_number(key, text);
    } else {
      document[key] = parse_count(key, text);
    }
  }
  if (!document.contains("family")) document["family"] = "vanilla";
  return document;
}

NetworkOptions::Values NetworkOptions::values() const { return values_of(document()); }

NetworkOptions::Values NetworkOptions::values_but(std::string_view key) const {
  Json document = this->document();
  if (document.contains(key)) {
    throw std::invalid_argument(
        fmt::format("{} contradicts --find {}, which finds it; give one of them", option_name(std::string(key)), key));
  }
  // What a network must have and does not yet.
  if (key == "width" || key == "depth") document[key] = 1;
  return values_of(std::move(document));
}

NetworkOptions::Values NetworkOptions::values_of(Json document) const {
  Input input = input_.input();
  const auto check = [&](const Network& network) { require_match(network, input); };
  if (!network_file_.empty()) return {network_from_file(network_file_, check), std::move(input)};
  if (!document.contains("inputs") && input.size() > 0) document["inputs"] = input.size();
  Network network = network_from_document(document);
  check(network);
  return {std::move(network), std::move(input)};
}

Network NetworkOptions::network(std::size_t inputs) const {
  Json document = this->document();
  const auto check = [&](const Network& network) {
    if (network.inputs() == inputs) return;
    throw std::invalid_argument(
        fmt::format("inputs: {} contradicts the input, which has {} components", network.inputs(), inputs));
  };
  if (!network_file_.empty()) return network_from_file(network_file_, check);
  if (!document.contains("inputs")) document["inputs"] = inputs;
  Network network = network_from_document(document);
  check(network);
  return network;
}

void GradientOption::add_to(CLI::App& command) {
  option_ = command
                .add_option("--gradients", direction_,
                            "gradients of one output, too: random (default; the first output's), or orthogonal: given "
                            "that the output is 0")
                ->expected(0, 1)
                ->default_str("random")
                ->type_name("[NAME]")
                ->group("Simulation");
}

std::optional<OutputDirection> GradientOption::direction() const {
  if (option_ == nullptr || option_->count() == 0) return std::nullopt;
  return from_string<OutputDirection>("--gradients", direction_);
}

void SimulationArguments::add_to(CLI::App& command) {
  add_counts(command, counts_, 100'000);
  add_text(command, "--precision", precision_,
           "float (default) or double: of the layer updates; statistics are double throughout")
      ->type_name("NAME")
      ->group("Simulation");
  add_text(command, "--method", method_, "fast (default): O(n) per layer; dense: every weight drawn, the reference")
      ->type_name("NAME")
      ->group("Simulation");
  add_text(command, "--estimator", estimator_,
           "plain (default), or antithetic: networks in opposite pairs, means with far less noise")
      ->type_name("NAME")
      ->group("Simulation");
  gradients_.add_to(command);
}

SimulationOptions SimulationArguments::options() const {
  SimulationOptions options;
  read_counts(counts_, options);
  options.gradients = gradients_.direction();
  if (!precision_.empty()) options.precision = from_string<Precision>("--precision", precision_);
  if (!method_.empty()) options.method = from_string<Method>("--method", method_);
  if (!estimator_.empty()) options.estimator = from_string<Estimator>("--estimator", estimator_);
  return options;
}

TangentKernelOptions SimulationArguments::options_of_rows() const {
  for (const auto& [option, text] :
       {std::pair("--precision", precision_), std::pair("--method", method_), std::pair("--estimator", estimator_)}) {
    if (text.empty()) continue;
    throw std::invalid_argument(
        fmt::format("{} contradicts --rows, which are simulated in one way; leave it out", option));
  }
  if (gradients_.direction() == OutputDirection::kOrthogonal) {
    throw std::invalid_argument(
        "--gradients orthogonal contradicts --rows: an output that is 0 at one input is not at others; leave it out");
  }
  TangentKernelOptions options;
  read_counts(counts_, options);
  return options;
}

CLI::Option* PairOptions::add_to(CLI::App& command) {
  const auto add = [&](const std::string& option, std::string& text, const char* type, const std::string& description) {
    return add_text(command, option, text, description)->type_name(type)->group("Input");
  };
  CLI::Option* rows = add("--rows", rows_, "LIST", "rows of the input file, such as 0-9,12");
  add("--pairs", pairs_, "LIST",
      "pairs of these rows, counted from 0, such as 0-1,0-4 (default: all of up to 16 rows, else those of the first)");
  add("--layers", layers_, "LIST",
      "layers in which to look, such as 0-9,50 (default: all of up to 64, else 64 of them)");
  add("--angle", angle_, "A", "degrees below which inputs count as collapsed (default 5)");
  return rows;
}

JointOptions PairOptions::options() const {
  JointOptions options;
  options.pairs = pairs_in("--pairs", pairs_);
  options.layers = numbers_in("--layers", layers_);
  return options;
}

double PairOptions::collapse_angle() const {
  if (angle_.empty()) return kCollapseAngle;
  const double degrees = parse_number("angle", angle_).get<double>();
  if (!(degrees > 0 && degrees < 180)) {
    throw std::invalid_argument(fmt::format("--angle {}: is out of range (0, 180)", angle_));
  }
  return degrees * std::numbers::pi / 180;
}

void JointArguments::add_to(CLI::App& command) {
  pairs_.add_to(command)->required();
  add_counts(command, counts_, JointOptions{}.samples);
}

JointOptions JointArguments::options() const {
  JointOptions options = pairs_.options();
  read_counts(counts_, options);
  return options;
}

void TailArguments::add_to(CLI::App& command) {
  add_text(command, "--threshold", threshold_,
           "what the output's absolute value exceeds (default 65504, the largest number of half precision)")
      ->type_name("T")
      ->group("Simulation");
  add_counts(command, counts_, TailOptions{}.samples);
}

TailOptions TailArguments::options() const {
  TailOptions options;
  if (!threshold_.empty()) options.threshold = parse_number("threshold", threshold_).get<double>();
  read_counts(counts_, options);
  return options;
}

void DesignArguments::add_to(CLI::App& command) {
  add_text(command, "--find", find_, "width, depth, alpha or lambda: what is to be found")
      ->required()
      ->type_name("NAME");
  const auto add = [&](const std::string& key, const std::string& type, const std::string& description) {
    add_text(command, option_name(key), numbers_[key], description)->type_name(type)->group("Target");
  };
  add("variance", "V", "of ln||z_out||^2, at most");
  add("quantile_ratio", "R", "of the 95% and the 5% quantile of one output's size, at most");
  add("overflow", "LIMIT", "one output's size is above it with a probability of at most --risk");
  add("underflow", "LIMIT", "one output's size is below it with a probability of at most --risk");
  add("risk", "P", "of overflow or underflow");
  add("ks_to_gaussian", "D", "Kolmogorov-Smirnov distance from the law at infinite width, at most");
  add("from", "X", "the smallest value to look at (default: counts 1, scales 1e-4)");
  add("to", "X", "the largest value to look at (default: width 1e6, depth 1e5 or with a norm 1000, scales 10)");
  gradients_.add_to(command);
  command.add_flag("--verify", verify_, "simulate what was found")->group("Simulation");
  add_counts(command, counts_, VerificationOptions{}.samples);
}

DesignArguments::Values DesignArguments::values() const {
  const auto parameter = from_string<Parameter>("--find", find_);
  const auto number = [&](const char* key) {
    const std::string& text = numbers_.at(key);
    return text.empty() ? std::nullopt : std::optional(number_of(key, text));
  };
  Target target = this->target();
  if (const auto direction = gradients_.direction()) target = target.of_gradient(*direction);
  return {parameter, target, number("from"), number("to")};
}

Target DesignArguments::target() const {
  const auto number = [&](const char* key) { return number_of(key, numbers_.at(key)); };
  std::vector<std::string> given;
  for (const char* key : {"variance", "quantile_ratio", "overflow", "underflow", "ks_to_gaussian"}) {
    if (!numbers_.at(key).empty()) given.emplace_back(key);
  }
  if (given.size() != 1) {
    throw std::invalid_argument(fmt::format(
        "design: {}; give one of --variance, --quantile-ratio, --overflow, --underflow and --ks-to-gaussian",
        given.empty() ? "a target is missing"
                      : fmt::format("{} contradicts {}", option_name(given[0]), option_name(given[1]))));
  }
  const std::string& key = given[0];
  const bool needs_risk = key == "overflow" || key == "underflow";
  if (numbers_.at("risk").empty() == needs_risk) {
    throw std::invalid_argument(needs_risk ? fmt::format("{}: at which risk? Give --risk, too", option_name(key))
                                           : fmt::format("--risk contradicts {}, which has none", option_name(key)));
  }
  if (key == "variance") return Target::variance(number("variance"));
  if (key == "quantile_ratio") return Target::quantile_ratio(number("quantile_ratio"));
  if (key == "overflow") return Target::overflow(number("overflow"), number("risk"));
  if (key == "underflow") return Target::underflow(number("underflow"), number("risk"));
  return Target::ks_to_gaussian(number("ks_to_gaussian"));
}

std::optional<VerificationOptions> DesignArguments::verification() const {
  VerificationOptions options;
  read_counts(counts_, options);
  return verify_ ? std::optional(options) : std::nullopt;
}

void ReproductionOptions::add_to(CLI::App& command) {
  command.add_flag("--quick", quick_, "3% of the networks: less than a minute's work; error bars are 6 times as wide");
  add_text(command, "--out", folder_, "folder for report and pictures (default initlaw-reproduction)")
      ->type_name("DIR");
  add_counts(command, counts_);
}

ReproductionOptions::Values ReproductionOptions::values() const {
  constexpr double kFull = 1e10;
  constexpr double kQuick = 0.03 * kFull;
  Values values{.folder = folder_.empty() ? "initlaw-reproduction" : folder_, .effort = quick_ ? kQuick : kFull};
  read_counts(counts_, values);
  return values;
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw std::invalid_argument(fmt::format("{}: cannot be made a folder: {}", folder.string(), error.message()));
}

void FileOption::add_to(CLI::App& command, const std::string& name, const std::string& description) {
  add_text(command, name, path_, description)->type_name("FILE");
}

}  // namespace initlaw
