#include "comparison/changed_network.hpp"

#include "network/network_document.hpp"

namespace initlaw {

Network changed(const Network& network, const nlohmann::ordered_json& fields) {
  auto document = network_document(network);
  document.update(fields);
  return network_from_document(document);
}

}  // namespace initlaw
