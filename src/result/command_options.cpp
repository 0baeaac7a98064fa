#include "result/command_options.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "network/network_document.hpp"

namespace initlaw {
namespace {

/// Whether a document without the key describes the same network.
bool goes_without(const std::string& key, nlohmann::ordered_json document, const nlohmann::ordered_json& whole) {
  document.erase(key);
  try {
    return network_document(network_from_document(document)) == whole;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

}  // namespace

std::string command_options(const Network& network) {
  const auto whole = network_document(network);
  auto document = whole;
  std::string options;
  for (const auto& [key, value] : whole.items()) {
    if (value.is_array()) return "--network net.toml";
    if (goes_without(key, document, whole)) {
      document.erase(key);
      continue;
    }
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', '-');
    options +=
        (options.empty() ? "--" : " --") + name + " " + (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return options;
}

}  // namespace initlaw
