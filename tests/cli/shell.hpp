#pragma once

#include <filesystem>
#include <string>

namespace initlaw::testing {

/// What a command did.
struct Outcome {
  int status;
  std::string out;
  std::string err;
};

/// A folder of a test's own, which is removed in the end, and a shell in it that knows the command `initlaw`.
class Shell {
 public:
  Shell();
  ~Shell();
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  Outcome run(const std::string& command) const;
  const std::filesystem::path& folder() const { return folder_; }
  void write(const std::string& name, const std::string& content) const;
  std::string read(const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace initlaw::testing
