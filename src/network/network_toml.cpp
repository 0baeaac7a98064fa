#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "network/field_error.hpp"
#include "network/network_document.hpp"
#include "network/text_document.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

/// What follows the string that the text begins with.
std::string_view after_string(std::string_view text) {
  const char quote = text.front();
  const bool several_lines = text.substr(0, 3) == std::string(3, quote);
  const std::string end(several_lines ? 3 : 1, quote);
  text.remove_prefix(end.size());
  while (!text.empty() && !text.starts_with(end) && (several_lines || text.front() != '\n')) {
    text.remove_prefix(text.front() == '\\' && quote == '"' ? std::min<std::size_t>(2, text.size()) : 1);
  }
  return text.starts_with(end) ? text.substr(end.size()) : text;
}

/// Throws std::invalid_argument if lists, tables or a key's parts between dots are nested too deeply.
void require_shallow(const std::string_view toml) {
  std::size_t brackets = 0;
  std::size_t dots = 0;
  for (std::string_view rest = toml; !rest.empty();) {
    const char next = rest.front();
    if (next == '"' || next == '\'') {
      rest = after_string(rest);
      continue;
    }
    if (next == '#') rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
    if (rest.empty()) break;
    if (next == '[' || next == '{') ++brackets;
    if ((next == ']' || next == '}') && brackets > 0) --brackets;
    if (next == '.') ++dots;
    if (std::string_view("\n,=[]{}#").find(next) != std::string_view::npos) dots = 0;
    if (brackets + dots >= kDeepest) {
      const auto line = 1 + std::count(toml.begin(), toml.end() - static_cast<std::ptrdiff_t>(rest.size()), '\n');
      throw std::invalid_argument(fmt::format("line {}: {}", line, kTooDeep));
    }
    rest.remove_prefix(1);
  }
}

Json json_of(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    Json object = Json::object();
    for (const auto& [key, value] : *table) object[std::string(key.str())] = json_of(value);
    return object;
  }
  if (const auto* array = node.as_array()) {
    Json list = Json::array();
    for (const auto& element : *array) list.push_back(json_of(element));
    return list;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* boolean = node.as_boolean()) return boolean->get();
  std::ostringstream date;
  date << toml::node_view(node);
  return date.str();
}

toml::table parse_toml(std::string_view text) {
  require_shallow(text);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw std::invalid_argument(fmt::format("line {}: {}", error.source().begin.line, error.description()));
  }
}

}  // namespace

Json document_of_toml(std::string_view text) { return json_of(parse_toml(text)); }

Network network_from_toml(std::string_view text) {
  const toml::table table = parse_toml(text);
  try {
    return network_from_document(json_of(table));
  } catch (const FieldError& error) {
    const toml::node* node = table.get(error.field());
    if (node == nullptr) throw;
    throw std::invalid_argument(fmt::format("line {}: {}", node->source().begin.line, error.what()));
  }
}

}  // namespace initlaw
