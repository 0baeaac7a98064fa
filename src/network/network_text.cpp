#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <set>

#include "network/field_error.hpp"
#include "network/network_document.hpp"
#include "network/text_document.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

/// A TOML float must show that it is one: 1.0, not 1.
std::string toml_of(const Json& value) {
  if (!value.is_array()) return value.dump();
  std::string list;
  for (const Json& element : value) list += (list.empty() ? "" : ", ") + toml_of(element);
  return "[" + list + "]";
}

}  // namespace

std::string to_json(const Network& network) { return network_document(network).dump(); }

std::string to_toml(const Network& network) {
  const Json document = network_document(network);
  std::string text;
  for (const auto& [key, value] : document.items()) text += key + " = " + toml_of(value) + "\n";
  return text;
}

Json document_of_json(std::string_view kind, std::string_view text) {
  // Of two values of a key the parser would keep the last in silence.
  std::set<std::string> keys;
  const auto check = [&](int depth, Json::parse_event_t event, const Json& parsed) {
    if (depth >= static_cast<int>(kDeepest)) throw std::invalid_argument(fmt::format("{}: {}", kind, kTooDeep));
    if (depth == 1 && event == Json::parse_event_t::key && !keys.insert(parsed.get<std::string>()).second) {
      throw FieldError(parsed.get<std::string>(), "is given twice; once is right");
    }
    return true;
  };
  try {
    return Json::parse(text, check);
  } catch (const Json::exception& error) {
    throw std::invalid_argument(fmt::format("not JSON: {}", error.what()));
  }
}

Network network_from_json(std::string_view text) { return network_from_document(document_of_json("network", text)); }

}  // namespace initlaw
