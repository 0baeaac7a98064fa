#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "cli/commands/commands.hpp"
#include "cli/commands/shared.hpp"
#include "report/picture.hpp"
#include "reproduction/claims/claims.hpp"
#include "reproduction/reproduction_report.hpp"

namespace initlaw {
namespace {

class Reproduce final : public Command {
 public:
  explicit Reproduce(CLI::App& parent)
      : Command(parent, "reproduce", "Test every claim of the paper, and write a report with pictures",
                "initlaw reproduce --quick --out reproduction") {
    add_json(app_, json_);
    options_.add_to(app_);
    input_.add_to(app_);
  }

  ExitStatus run(const Invocation& invocation) const override {
    require_one_process(invocation.mpi, app_.get_name());
    const Input input = input_.input();
    const auto options = options_.values();
    require_distinct({}, {json_.path(), options.folder / kReportName});
    if (std::error_code ignored; std::filesystem::equivalent(
            std::filesystem::weakly_canonical(input_.file()).parent_path(), options.folder, ignored)) {
      throw std::invalid_argument(
          fmt::format("--out {}: holds the input {}, which a picture could replace; choose another folder",
                      options.folder.string(), input_.file().string()));
    }
    const auto [json] = open_outputs({input_.file()}, json_);
    require_gnuplot();
    make_folder(options.folder);
    OutputFile report(options.folder / kReportName);
    const Interrupt interrupt;
    const std::vector<Claim> claims = paper_claims({.input = input, .effort = options.effort, .seed = options.seed});
    std::optional<ProgressBar> bar;
    std::vector<Result> results =
        initlaw::run(claims, input, true_theory(input), options.threads, [&](const RunProgress& progress) {
          if (!bar) bar.emplace(progress.total, "steps");
          bar->show(progress.done, progress.part);
          return !interrupt.requested();
        });
    bar.reset();
    const bool complete = results.size() == claims.size();
    const bool all_hold =
        std::all_of(results.begin(), results.end(), [](const Result& result) { return result.holds(); });
    const Reproduction reproduction{std::move(results), complete, invocation.command_line, input_.text()};
    for (const auto& [name, content] : report_files(reproduction)) {
      if (name == kReportName) {
        report.write(content);
      } else {
        OutputFile(options.folder / name).write(content);
      }
    }
    write_report(json_, json.get(), reproduction);
    print(stderr, "The report is {}\n", (options.folder / kReportName).string());
    if (!complete) {
      print(stderr, "initlaw: interrupted after {} of {} claims\n", reproduction.results.size(), claims.size());
      return kInterrupted;
    }
    if (!all_hold) print(stderr, "initlaw: not all claims hold\n");
    return all_hold ? kDone : kFailed;
  }

 private:
  FileOption json_;
  ReproductionOptions options_;
  InputOptions input_;
};

}  // namespace

std::unique_ptr<Command> make_reproduce(CLI::App& parent) { return std::make_unique<Reproduce>(parent); }

}  // namespace initlaw
