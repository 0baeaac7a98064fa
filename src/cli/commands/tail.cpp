#include "cli/commands/commands.hpp"
#include "cli/commands/shared.hpp"
#include "result/text.hpp"
#include "splitting/tail_task.hpp"

namespace initlaw {
namespace {

class TailCommand final : public Command {
 public:
  explicit TailCommand(CLI::App& parent)
      : Command(parent, "tail", "How probable it is that an output overflows, down to 10^-18",
                "initlaw tail --width 64 --depth 200 --threshold 65504") {
    add_json(app_, json_);
    network_.add_to(app_);
    options_.add_to(app_);
  }

  ExitStatus run(const Invocation& invocation) const override {
    const auto values = network_.values();
    const TailOptions options = options_.options();
    const auto [json] = open_outputs(network_.files(), json_);
    const Tail tail = watched(options.samples, [&](const Progress& progress) {
      if (invocation.mpi.size() == 1) return tail_probability(values.network, options, values.input, progress);
      const auto pool = invocation.mpi.pool(std::max(1u, options.threads), perform_tail_task);
      return tail_probability(values.network, options, values.input, progress, *pool);
    });
    write_report(json_, json.get(), compare(tail));
    return status_of(tail.samples, options.samples);
  }

 private:
  FileOption json_;
  NetworkOptions network_;
  TailArguments options_;
};

}  // namespace

std::unique_ptr<Command> make_tail(CLI::App& parent) { return std::make_unique<TailCommand>(parent); }

}  // namespace initlaw
