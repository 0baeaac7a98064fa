#include "comparison/changed_network.hpp"

#include "network/network_document.hpp"

namespace initlaw {

Network changed(const Network& network, const nlohmann::ordered_json& fields) {
  auto document = network_document(network);
  if (fields.contains("branch")) document.erase("branch_depth");
  if (fields.contains("activation")) document.erase("leak");
  document.update(fields);
  return network_from_document(document);
}

}  // namespace initlaw
