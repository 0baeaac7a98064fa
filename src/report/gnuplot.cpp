#include "report/gnuplot.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace initlaw {
namespace {

void require(bool succeeded, int error = errno) {
  if (succeeded) return;
  throw std::runtime_error(
      fmt::format("gnuplot could not be run: {}; pictures need Debian's package gnuplot-nox", std::strerror(error)));
}

/// A file descriptor, closed in the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) { require(number >= 0); }
  ~Descriptor() { close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  operator int() const { return number_; }  // NOLINT(google-explicit-constructor): it is one

 private:
  int number_;
};

/// The gnuplot that was installed together with this program, or else the one that PATH names.
std::string gnuplot_program() {
  std::error_code error;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto bundled = own.parent_path().parent_path() / "libexec" / "initlaw" / "gnuplot";
  return bundled.is_absolute() && std::filesystem::exists(bundled, error) ? bundled.string() : "gnuplot";
}

/// A running gnuplot, waited for in the end.
class Child {
 public:
  Child(int input, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    std::string name = gnuplot_program();
    std::array<char, 3> without_start_files{"-d"};
    const std::array<char*, 3> arguments{name.data(), without_start_files.data(), nullptr};
    // Else it would place text by the user's locale, and warn of one that lacks a degree sign.
    std::string locale = "LC_ALL=C.UTF-8";
    std::vector<char*> environment{locale.data()};
    for (char** variable = environ; *variable != nullptr; ++variable) environment.push_back(*variable);
    environment.push_back(nullptr);
    const int error = posix_spawnp(&id_, name.data(), &actions, nullptr, arguments.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    require(error == 0, error);
  }
  ~Child() { wait(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool succeeded() {
    wait();
    return WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
  }

 private:
  void wait() {
    while (id_ > 0 && waitpid(id_, &status_, 0) < 0 && errno == EINTR) continue;
    id_ = 0;
  }

  pid_t id_ = 0;
  int status_ = 0;
};

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 1 << 16> piece;
  while (true) {
    const ssize_t count = read(descriptor, piece.data(), piece.size());
    require(count >= 0 || errno == EINTR);
    if (count == 0) return text;
    if (count > 0) text.append(piece.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

std::string gnuplot(const std::string& script) {
  // A file in memory, since through a second pipe both sides could wait for each other.
  const Descriptor input(memfd_create("gnuplot script", MFD_CLOEXEC));
  require(pwrite(input, script.data(), script.size(), 0) == static_cast<ssize_t>(script.size()));
  std::array<int, 2> pipe{};
  require(pipe2(pipe.data(), O_CLOEXEC) == 0);
  const Descriptor output(pipe[0]);
  Child child = [&] {
    const Descriptor others_end(pipe[1]);
    return Child(input, others_end);
  }();
  std::string printed = read_all(output);
  if (!child.succeeded()) throw std::runtime_error("gnuplot failed; pictures need Debian's package gnuplot-nox");
  return printed;
}

}  // namespace initlaw
