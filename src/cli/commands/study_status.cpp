#include <cmath>

#include "cli/commands/commands.hpp"
#include "cli/commands/study_shared.hpp"
#include "study/store.hpp"

namespace initlaw {
namespace {

class StudyStatus final : public Command {
 public:
  explicit StudyStatus(CLI::App& parent)
      : Command(parent, "status", "How far a study is, also while it runs", "initlaw study status study.sqlite") {
    add_file(app_, file_);
  }

  ExitStatus run(const Invocation&) const override {
    const Store::Counts counts = Store(file_, Store::Access::kRead).counts();
    print(stdout, "Cells          {} of {} finished\nNetworks       {}\nSimulation     {} of processor time\n",
          counts.finished, counts.cells, counts.samples, duration(counts.seconds));
    if (!std::isnan(counts.worst_std_error))
      print(stdout, "Mean of G      standard error {:.2g} or less\n", counts.worst_std_error);
    return kDone;
  }

 private:
  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_study_status(CLI::App& parent) { return std::make_unique<StudyStatus>(parent); }

}  // namespace initlaw
