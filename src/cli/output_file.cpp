#include "cli/output_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace initlaw {
namespace {

/// Whether writing to both would end in one file, there already or not.
bool same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  if (a == "-" || b == "-") return a == b;
  std::error_code ignored;
  if (std::filesystem::exists(a, ignored) || std::filesystem::exists(b, ignored)) {
    return std::filesystem::is_regular_file(a, ignored) && std::filesystem::equivalent(a, b, ignored);
  }
  return std::filesystem::weakly_canonical(std::filesystem::absolute(a)) ==
         std::filesystem::weakly_canonical(std::filesystem::absolute(b));
}

}  // namespace

void require_distinct(const std::vector<std::filesystem::path>& inputs,
                      const std::vector<std::filesystem::path>& outputs) {
  const auto refuse_if_same = [](const auto& output, const auto& other, const char* what) {
    if (output.empty() || other.empty() || !same_file(output, other)) return;
    throw std::invalid_argument(
        fmt::format("{}: is {}, and would be replaced; write to another file", output.string(), what));
  };
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    for (const auto& input : inputs) refuse_if_same(*output, input, "an input");
    for (auto other = outputs.begin(); other != output; ++other) refuse_if_same(*output, *other, "another output");
  }
}

OutputFile::OutputFile(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code ignored;
  if (std::filesystem::is_symlink(path_, ignored)) path_ = std::filesystem::weakly_canonical(path_);
  const auto status = std::filesystem::status(path_, ignored);
  if (path_ == "-") {
    descriptor_ = dup(STDOUT_FILENO);
  } else if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    descriptor_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    // Only to learn whether one can be made: who is interrupted leaves none behind.
    open_temporary();
    close_temporary();
    return;
  }
  if (descriptor_ < 0) refuse();
}

OutputFile::~OutputFile() {
  close_temporary();
  if (descriptor_ >= 0) close(descriptor_);
}

void OutputFile::open_temporary() {
  std::string name = path_.string() + ".XXXXXX";
  descriptor_ = mkstemp(name.data());
  if (descriptor_ < 0) refuse();
  temporary_ = name;
}

void OutputFile::close_temporary() {
  if (temporary_.empty()) return;
  close(descriptor_);
  descriptor_ = -1;
  unlink(temporary_.c_str());
  temporary_.clear();
}

void OutputFile::refuse() const {
  throw std::invalid_argument(fmt::format("{}: cannot be written: {}", path_.string(), std::strerror(errno)));
}

void OutputFile::fail() const {
  throw std::runtime_error(fmt::format("{}: could not be written: {}", path_.string(), std::strerror(errno)));
}

void OutputFile::write(const std::string& text) {
  if (descriptor_ < 0) open_temporary();
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t step = ::write(descriptor_, text.data() + written, text.size() - written);
    if (step < 0 && errno != EINTR) fail();
    if (step > 0) written += static_cast<std::size_t>(step);
  }
  if (temporary_.empty()) return;
  if (fchmod(descriptor_, mode()) != 0 || fsync(descriptor_) != 0) fail();
  if (rename(temporary_.c_str(), path_.c_str()) != 0) fail();
  close(descriptor_);
  descriptor_ = -1;
  temporary_.clear();
}

unsigned OutputFile::mode() const {
  struct stat present = {};
  if (stat(path_.c_str(), &present) == 0) return present.st_mode & 07777;
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

}  // namespace initlaw
