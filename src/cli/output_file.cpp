#include "cli/output_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "cli/usage_error.hpp"

namespace initlaw {

OutputFile::OutputFile(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path_, ignored);
  if (path_ == "-") {
    descriptor_ = dup(STDOUT_FILENO);
  } else if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    descriptor_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    std::string name = path_.string() + ".XXXXXX";
    descriptor_ = mkstemp(name.data());
    if (descriptor_ >= 0) temporary_ = name;
  }
  if (descriptor_ < 0) {
    throw UsageError(fmt::format("{}: cannot be written: {}", path_.string(), std::strerror(errno)));
  }
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void OutputFile::write(const std::string& text) {
  const auto fail = [&] {
    throw std::runtime_error(fmt::format("{}: could not be written: {}", path_.string(), std::strerror(errno)));
  };
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t step = ::write(descriptor_, text.data() + written, text.size() - written);
    if (step < 0 && errno != EINTR) fail();
    if (step > 0) written += static_cast<std::size_t>(step);
  }
  if (temporary_.empty()) return;
  const mode_t mask = umask(0);
  umask(mask);
  if (fchmod(descriptor_, 0666 & ~mask) != 0 || fsync(descriptor_) != 0) fail();
  if (rename(temporary_.c_str(), path_.c_str()) != 0) fail();
  temporary_.clear();
}

}  // namespace initlaw
