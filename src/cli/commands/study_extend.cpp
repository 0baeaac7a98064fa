#include <fmt/core.h>

#include <cmath>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "cli/commands/commands.hpp"
#include "cli/commands/study_shared.hpp"

namespace initlaw {
namespace {

class StudyExtend final : public Command {
 public:
  explicit StudyExtend(CLI::App& parent)
      : Command(parent, "extend", "Add samples to all cells, or lower their standard errors",
                "initlaw study extend study.sqlite --samples 1e7") {
    add_file(app_, file_);
    add_text(app_, "--samples", samples_, "samples a cell, those that it has included")->type_name("N");
    add_text(app_, "--std-error", std_error_, "the standard error of the mean of G that is enough")->type_name("E");
    threads_.add_to(app_);
  }

  ExitStatus run(const Invocation& invocation) const override {
    if (samples_.empty() && std_error_.empty())
      throw std::invalid_argument(fmt::format("study {}: needs --samples or --std-error", app_.get_name()));
    const std::uint64_t samples = samples_.empty() ? 1'000'000'000 : count_of("samples", samples_);
    if (samples == 0) throw std::invalid_argument("--samples 0: must be positive");
    std::optional<double> std_error;
    if (!std_error_.empty()) std_error = number_of("std-error", std_error_);
    if (std_error && !(*std_error >= Study::kLeastStdError && std::isfinite(*std_error))) {
      throw std::invalid_argument(fmt::format("--std-error {}: is out of range; it must be {} or more, and finite",
                                              std_error_, Study::kLeastStdError));
    }
    const unsigned threads = threads_.count(invocation.mpi);
    if (!std::filesystem::exists(file_)) throw std::invalid_argument(file_ + ": there is no such file");
    Store store(file_, Store::Access::kWrite);
    store.extend(samples, std_error);
    return run_study_watched(store, nullptr, invocation.mpi, threads);
  }

 private:
  std::string file_;
  std::string samples_;
  std::string std_error_;
  ThreadsOption threads_;
};

}  // namespace

std::unique_ptr<Command> make_study_extend(CLI::App& parent) { return std::make_unique<StudyExtend>(parent); }

}  // namespace initlaw
