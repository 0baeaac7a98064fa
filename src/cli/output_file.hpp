#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace initlaw {

/// Throws std::invalid_argument if an output is an input or another output, whatever links and names lead to it: a file
/// that is written takes the place of what is there. Empty paths are none; "-" is standard output; devices and pipes
/// keep nothing that could be lost.
void require_distinct(const std::vector<std::filesystem::path>& inputs,
                      const std::vector<std::filesystem::path>& outputs);

/// A file that appears whole or not at all: it is written under a temporary name beside its own, then renamed. A
/// present file's permissions are kept. A device or pipe is written directly; "-" is standard output.
class OutputFile {
 public:
  /// Throws std::invalid_argument if no such file can be written. Nothing of a present file is touched yet.
  explicit OutputFile(std::filesystem::path path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Throws std::runtime_error if the text cannot be stored, and leaves nothing half-written.
  void write(const std::string& text);

 private:
  void open_temporary();
  void close_temporary();
  /// The permissions that the file is to have.
  unsigned mode() const;
  [[noreturn]] void refuse() const;
  [[noreturn]] void fail() const;

  std::filesystem::path path_;
  std::filesystem::path temporary_;  ///< empty but while a temporary file is open
  int descriptor_ = -1;
};

}  // namespace initlaw
