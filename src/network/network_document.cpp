#include "network/network_document.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "network/field_error.hpp"
#include "network/from_string.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kKeys = {"family", "width",      "depth",   "inputs",       "outputs", "alpha",
                              "lambda", "leak",       "flip",    "branch_depth", "branch",  "branch_width",
                              "norm",   "activation", "weights", "input_layer"};

/// The names that an activation has for one leak.
struct NamedLeak {
  std::string_view name;
  double leak;
};
constexpr std::array kNamedLeaks = {NamedLeak{"relu", 0}, NamedLeak{"abs", -1}, NamedLeak{"identity", 1}};

template <typename PerLayer>
Json constant_or_list(const PerLayer& values) {
  return values.is_constant() ? Json(values.values()[0]) : Json(values.values());
}

std::size_t to_count(const std::string& key, const Json& value) {
  if (!value.is_number_integer()) throw FieldError(key, value.dump() + " is not a whole number");
  if (value.is_number_unsigned() || value.get<std::int64_t>() >= 0) return value.get<std::size_t>();
  throw FieldError(key, value.dump() + " is out of range [1, 10^12]");
}

double to_number(const std::string& key, const Json& value) {
  if (!value.is_number()) throw FieldError(key, value.dump() + " is not a number");
  return value.get<double>();
}

/// A number or a list of numbers, read by `convert`.
template <typename PerLayer, typename Convert>
PerLayer to_per_layer(const std::string& key, const Json& value, Convert convert) {
  if (!value.is_array()) return convert(key, value);
  std::vector<decltype(convert(key, value))> values;
  for (const Json& element : value) values.push_back(convert(key, element));
  return values;
}

/// Reads the keys of one document, each at most once, with a default for those that may be absent.
class Reader {
 public:
  explicit Reader(const Json& document) : document_(document) {}

  bool has(const char* key) const { return document_.contains(key); }
  const Json& required(const char* key) const {
    if (!has(key)) throw FieldError(key, "is missing; a network needs family, width and depth");
    return document_[key];
  }
  std::size_t count(const char* key, std::size_t otherwise) const {
    return has(key) ? to_count(key, document_[key]) : otherwise;
  }
  /// 0 if it is not there.
  std::size_t positive_count(const char* key) const {
    const std::size_t value = count(key, 0);
    if (has(key) && value == 0) throw FieldError(key, "0 is out of range [1, 10^12]");
    return value;
  }
  template <typename Enum>
  Enum choice(const char* key, Enum otherwise) const {
    return has(key) ? from_json<Enum>(key, document_[key]) : otherwise;
  }
  double number(const char* key, double otherwise) const {
    return has(key) ? to_number(key, document_[key]) : otherwise;
  }
  Schedule schedule(const char* key, double otherwise) const {
    return has(key) ? to_per_layer<Schedule>(key, document_[key], to_number) : otherwise;
  }
  /// A key whose value the family fixes may be given, but only with that value.
  void require_fixed(const char* key, double fixed, std::string_view by) const {
    if (has(key) && !(schedule(key, fixed) == Schedule(fixed))) {
      throw FieldError(key,
                       fmt::format("{} contradicts the {}, whose {} is {}", document_[key].dump(), by, key, fixed));
    }
  }
  void require_fixed(const char* key, double fixed, Family family) const {
    require_fixed(key, fixed, fmt::format("{} family", to_string(family)));
  }

 private:
  const Json& document_;
};

struct ActivationAndLeak {
  Activation activation;
  double leak;
};

ActivationAndLeak read_activation(const Reader& read, const Json& document) {
  const double leak = read.number("leak", 0);
  if (!read.has("activation")) return {Activation::kLeakyRelu, leak};
  const Json& name = document["activation"];
  const auto named =
      std::find_if(kNamedLeaks.begin(), kNamedLeaks.end(), [&](const NamedLeak& one) { return name == one.name; });
  if (named != kNamedLeaks.end()) {
    read.require_fixed("leak", named->leak, fmt::format("activation {}", named->name));
    return {Activation::kLeakyRelu, named->leak};
  }
  try {
    return {from_json<Activation>("activation", name), leak};
  } catch (const FieldError&) {
    throw FieldError(
        "activation",
        fmt::format("{} is not one of relu, abs, identity, leaky-relu, gelu, silu, tanh, erf", name.dump()));
  }
}

std::size_t single_width(const Json& value, Family family) {
  if (value.is_array()) {
    throw FieldError("width", fmt::format("is a list; only a fully-connected network may have a width per layer, not a "
                                          "{} one, whose skip path has a constant width",
                                          to_string(family)));
  }
  return to_count("width", value);
}

}  // namespace

Json network_document(const Network& network) {
  Json document = {{"family", to_string(network.family())},
                   {"width", constant_or_list(network.widths())},
                   {"depth", network.depth()},
                   {"inputs", network.inputs()},
                   {"outputs", network.outputs()},
                   {"alpha", constant_or_list(network.alphas())},
                   {"lambda", constant_or_list(network.lambdas())},
                   {"leak", network.leak()},
                   {"flip", network.flip()},
                   {"branch_depth", network.branch_depth()}};
  const Architecture& architecture = network.architecture();
  const Architecture standard;
  const auto add_if_not_standard = [&](const char* key, auto field) {
    if (architecture.*field != standard.*field) document[key] = to_string(architecture.*field);
  };
  add_if_not_standard("branch", &Architecture::branch);
  if (architecture.branch_width != standard.branch_width) document["branch_width"] = architecture.branch_width;
  add_if_not_standard("norm", &Architecture::norm);
  add_if_not_standard("activation", &Architecture::activation);
  add_if_not_standard("weights", &Architecture::weights);
  add_if_not_standard("input_layer", &Architecture::input_layer);
  return document;
}

Network network_from_document(const Json& document) {
  if (!document.is_object()) throw FieldError("network", "is not a table of keys");
  for (const auto& [key, value] : document.items()) {
    if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
      throw FieldError(key, fmt::format("is not a network's key; those are {}", fmt::join(kKeys, ", ")));
    }
  }
  const Reader read(document);
  const Family family = from_json<Family>("family", read.required("family"));
  const Json& width = read.required("width");
  const std::size_t depth = to_count("depth", read.required("depth"));
  const std::size_t inputs = read.count("inputs", 1);
  const std::size_t outputs = read.count("outputs", 1);
  const auto [activation, leak] = read_activation(read, document);
  const auto branch_depth =
      read.has("branch_depth") ? std::optional(to_count("branch_depth", document["branch_depth"])) : std::nullopt;
  const Architecture architecture{.branch = read.choice("branch", Branch::kActivationFirst),
                                  .branch_width = read.positive_count("branch_width"),
                                  .norm = read.choice("norm", Normalization::kNone),
                                  .activation = activation,
                                  .weights = read.choice("weights", Weights::kGaussian),
                                  .input_layer = read.choice("input_layer", InputLayer::kGaussian)};

  if (family == Family::kFullyConnected) {
    read.require_fixed("alpha", 0, family);
    read.require_fixed("lambda", 1, family);
    read.require_fixed("flip", 0, family);
    read.require_fixed("branch_depth", 1, family);
    return fully_connected({.width = to_per_layer<Widths>("width", width, to_count),
                            .depth = depth,
                            .inputs = inputs,
                            .outputs = outputs,
                            .leak = leak,
                            .architecture = architecture});
  }
  if (family == Family::kStable) {
    read.require_fixed("alpha", 1, family);
    return stable({.width = single_width(width, family),
                   .depth = depth,
                   .residual_scale = read.number("lambda", 1),
                   .inputs = inputs,
                   .outputs = outputs,
                   .leak = leak,
                   .branch_depth = branch_depth,
                   .architecture = architecture})
        .with_flip(read.number("flip", 0));
  }
  const ResNetOptions options{.width = single_width(width, family),
                              .depth = depth,
                              .alpha = read.schedule("alpha", kStandardScale),
                              .lambda = read.schedule("lambda", kStandardScale),
                              .inputs = inputs,
                              .outputs = outputs,
                              .leak = leak,
                              .branch_depth = branch_depth,
                              .architecture = architecture};
  if (family == Family::kBalanced) {
    read.require_fixed("flip", 0.5, family);
    return balanced(options);
  }
  return vanilla(options).with_flip(read.number("flip", 0));
}

}  // namespace initlaw
