#include "simulation/ensemble_state.hpp"

#include <cmath>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "network/from_string.hpp"
#include "simulation/ensemble_archive.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

template <typename Type, template <typename...> typename Template>
constexpr bool kIs = false;
template <typename... Parts, template <typename...> typename Template>
constexpr bool kIs<Template<Parts...>, Template> = true;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// As fmt writes them.
constexpr std::pair<std::string_view, double> kNotFinite[] = {
    {"nan", kNan}, {"-nan", -kNan}, {"inf", kInfinity}, {"-inf", -kInfinity}};

/// Archives of named numbers, with which the functions serialize() of an ensemble's parts write and read JSON.
class StateWriter {
 public:
  template <typename... Parts>
  void operator()(const cereal::NameValuePair<Parts>&... parts) {
    ((state_[parts.name] = json_of(parts.value)), ...);
  }
  Json state() && { return std::move(state_); }

 private:
  template <typename Part>
  static Json json_of(const Part& part) {
    if constexpr (std::floating_point<Part>) {
      return std::isfinite(part) ? Json(part) : Json(fmt::format("{}", part));
    } else if constexpr (std::integral<Part>) {
      return part;
    } else if constexpr (std::is_enum_v<Part>) {
      return to_string(part);
    } else if constexpr (kIs<Part, std::optional>) {
      return part ? json_of(*part) : Json(nullptr);
    } else if constexpr (requires { part.begin(); }) {
      Json list = Json::array();
      for (const auto& element : part) list.push_back(json_of(element));
      return list;
    } else {
      StateWriter writer;
      if constexpr (std::same_as<Part, Histogram>) {
        StatisticsArchive::write_open(writer, part);
      } else {
        // As cereal has it: the same function reads, and writing changes nothing.
        serialize(writer, const_cast<Part&>(part));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
      }
      return std::move(writer).state();
    }
  }

  Json state_ = Json::object();
};

class StateReader {
 public:
  StateReader(const Json& state, std::string name) : state_(state), name_(std::move(name)) {
    if (!state.is_object()) throw FieldError(name_, "is not an object");
  }

  template <typename... Parts>
  void operator()(const cereal::NameValuePair<Parts>&... parts) {
    (read(at(parts.name), fmt::format("{}.{}", name_, parts.name), parts.value), ...);
  }

 private:
  const Json& at(const char* key) const {
    if (!state_.contains(key)) throw FieldError(fmt::format("{}.{}", name_, key), "is missing");
    return state_[key];
  }

  template <typename Part>
  static void read(const Json& json, const std::string& name, Part& part) {
    if constexpr (std::floating_point<Part>) {
      part = number(json, name);
    } else if constexpr (std::integral<Part>) {
      if (!json.is_number_unsigned()) throw FieldError(name, json.dump() + " is not a whole number from 0");
      part = json.get<Part>();
    } else if constexpr (std::is_enum_v<Part>) {
      part = from_json<Part>(name, json);
    } else if constexpr (kIs<Part, std::optional>) {
      if (!json.is_null()) read(json, name, part.emplace(blank<typename Part::value_type>()));
    } else if constexpr (kIs<Part, std::vector>) {
      part.resize(list(json, name).size());
      read_elements(json, name, part);
    } else if constexpr (requires { part.begin(); }) {
      if (list(json, name).size() != part.size())
        throw FieldError(name, fmt::format("must have {} numbers", part.size()));
      read_elements(json, name, part);
    } else {
      StateReader reader(json, name);
      if constexpr (std::same_as<Part, Histogram>) {
        if (!StatisticsArchive::read_open(reader, part)) {
          throw FieldError(name, "its counts do not go from its smallest to its largest number");
        }
      } else {
        serialize(reader, part);
      }
    }
  }

  static double number(const Json& json, const std::string& name) {
    for (const auto& [text, number] : kNotFinite) {
      if (json == text) return number;
    }
    if (!json.is_number()) throw FieldError(name, json.dump() + " is not a number");
    return json.get<double>();
  }

  static const Json& list(const Json& json, const std::string& name) {
    if (!json.is_array()) throw FieldError(name, "is not a list");
    return json;
  }

  template <typename List>
  static void read_elements(const Json& json, const std::string& name, List& list) {
    for (std::size_t i = 0; i < list.size(); ++i) read(json[i], fmt::format("{}[{}]", name, i), list[i]);
  }

  const Json& state_;
  std::string name_;
};

template <typename Archive, typename AnyEnsemble>
void archive_all(Archive& archive, AnyEnsemble& e) {
  archive_numbers(archive, e);
  archive(make_nvp("log_output_norm2_histogram", e.log_output_norm2_histogram),
          make_nvp("log_output_square_histogram", e.log_output_square_histogram), make_nvp("gradients", e.gradients));
}

template <typename List>
void require_size(const char* name, const List& list, std::size_t size) {
  if (list.size() == size) return;
  throw FieldError(fmt::format("state.{}", name),
                   fmt::format("has {} elements, and must have {} for this network", list.size(), size));
}

/// What other functions rely on.
void require_consistent(const Ensemble& e) {
  const std::size_t d = e.network.depth();
  require_size("layers", e.layers, d);
  if (e.antithetic) {
    require_size("antithetic.hypoactivation", e.antithetic->hypoactivation, d);
    require_size("antithetic.active_fraction", e.antithetic->active_fraction, d);
  }
  if (e.gradients) {
    require_size("gradients.layers", e.gradients->layers, d + 1);
    if (!e.options.gradients) throw FieldError("state.options.gradients", "is null, but there are gradients");
  }
  if (e.dead > e.samples)
    throw FieldError("state.dead", fmt::format("{} is more than the {} samples", e.dead, e.samples));
  const std::uint64_t living = e.log_output_norm2.count();
  const auto require_counts = [&](const char* name, const std::optional<Histogram>& histogram) {
    if ((histogram ? histogram->count() : 0) == living) return;
    throw FieldError(fmt::format("state.{}", name), fmt::format("must count the {} living networks", living));
  };
  require_counts("log_output_norm2_histogram", e.log_output_norm2_histogram);
  require_counts("log_output_square_histogram", e.log_output_square_histogram);
}

}  // namespace

Json state_document(const Ensemble& ensemble) {
  StateWriter writer;
  const std::vector<double> input =
      ensemble.input.size() == 0 ? std::vector<double>() : ensemble.input.values(ensemble.network);
  writer(make_nvp("result_version", kResultVersion), make_nvp("input", input));
  archive_all(writer, ensemble);
  return std::move(writer).state();
}

Ensemble ensemble_from_state(const Network& network, const Json& state) {
  StateReader reader(state, "state");
  std::uint64_t version = 0;
  reader(make_nvp("result_version", version));
  if (version != kResultVersion) {
    throw FieldError("state.result_version", fmt::format("is {}, and must be {}", version, kResultVersion));
  }
  std::vector<double> values;
  reader(make_nvp("input", values));
  Ensemble ensemble = blank_ensemble(network, values.empty() ? Input() : Input(std::move(values)));
  ensemble.input.values(network);
  archive_all(reader, ensemble);
  require_consistent(ensemble);
  return ensemble;
}

}  // namespace initlaw
