#pragma once

#include <string>

#include "initlaw/network.hpp"

namespace initlaw {

/// The command's options that describe a network, such as "--family vanilla --width 100 --depth 50", without those that
/// change nothing. Of a network with lists by layer, which options cannot give, "--network net.toml".
std::string command_options(const Network& network);

}  // namespace initlaw
