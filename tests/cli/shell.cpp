#include "cli/shell.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace initlaw::testing {

Shell::Shell() {
  std::string name = ::testing::TempDir() + "initlaw.XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error(name + " could not be made");
  folder_ = name;
}

Shell::~Shell() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Outcome Shell::run(const std::string& command) const {
  const std::string text =
      fmt::format("cd '{}' && initlaw() {{ '{}' \"$@\"; }} && {{ {}; }} > .out 2> .err < /dev/null", folder_.string(),
                  INITLAW_COMMAND, command);
  const int status = std::system(text.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read(".out"), read(".err")};
}

void Shell::write(const std::string& name, const std::string& content) const {
  std::ofstream(folder_ / name, std::ios::binary) << content;
}

std::string Shell::read(const std::string& name) const {
  std::ostringstream content;
  content << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
  return content.str();
}

}  // namespace initlaw::testing
