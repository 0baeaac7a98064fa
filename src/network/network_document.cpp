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

constexpr std::array kKeys = {"family", "width",  "depth", "inputs", "outputs",
                              "alpha",  "lambda", "leak",  "flip",   "branch_depth"};

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
  double number(const char* key, double otherwise) const {
    return has(key) ? to_number(key, document_[key]) : otherwise;
  }
  Schedule schedule(const char* key, double otherwise) const {
    return has(key) ? to_per_layer<Schedule>(key, document_[key], to_number) : otherwise;
  }
  /// A key whose value the family fixes may be given, but only with that value.
  void require_fixed(const char* key, double fixed, Family family) const {
    if (has(key) && !(schedule(key, fixed) == Schedule(fixed))) {
      throw FieldError(key, fmt::format("{} contradicts the {} family, whose {} is {}", document_[key].dump(),
                                        to_string(family), key, fixed));
    }
  }

 private:
  const Json& document_;
};

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
  return {{"family", to_string(network.family())},
          {"width", constant_or_list(network.widths())},
          {"depth", network.depth()},
          {"inputs", network.inputs()},
          {"outputs", network.outputs()},
          {"alpha", constant_or_list(network.alphas())},
          {"lambda", constant_or_list(network.lambdas())},
          {"leak", network.leak()},
          {"flip", network.flip()},
          {"branch_depth", network.branch_depth()}};
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
  const double leak = read.number("leak", 0);
  const std::size_t branch_depth = read.count("branch_depth", 1);

  if (family == Family::kFullyConnected) {
    read.require_fixed("alpha", 0, family);
    read.require_fixed("lambda", 1, family);
    read.require_fixed("flip", 0, family);
    read.require_fixed("branch_depth", 1, family);
    return fully_connected({.width = to_per_layer<Widths>("width", width, to_count),
                            .depth = depth,
                            .inputs = inputs,
                            .outputs = outputs,
                            .leak = leak});
  }
  if (family == Family::kStable) {
    read.require_fixed("alpha", 1, family);
    return stable({.width = single_width(width, family),
                   .depth = depth,
                   .residual_scale = read.number("lambda", 1),
                   .inputs = inputs,
                   .outputs = outputs,
                   .leak = leak,
                   .branch_depth = branch_depth})
        .with_flip(read.number("flip", 0));
  }
  const ResNetOptions options{.width = single_width(width, family),
                              .depth = depth,
                              .alpha = read.schedule("alpha", kStandardScale),
                              .lambda = read.schedule("lambda", kStandardScale),
                              .inputs = inputs,
                              .outputs = outputs,
                              .leak = leak,
                              .branch_depth = branch_depth};
  if (family == Family::kBalanced) {
    read.require_fixed("flip", 0.5, family);
    return balanced(options);
  }
  return vanilla(options).with_flip(read.number("flip", 0));
}

}  // namespace initlaw
