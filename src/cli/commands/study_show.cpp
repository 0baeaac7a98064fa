#include "cli/commands/commands.hpp"
#include "cli/commands/study_shared.hpp"
#include "study/study_report.hpp"

namespace initlaw {
namespace {

class StudyShow final : public Command {
 public:
  explicit StudyShow(CLI::App& parent)
      : Command(parent, "show", "The finished cells in a table", "initlaw study show study.sqlite") {
    add_file(app_, file_);
  }

  ExitStatus run(const Invocation&) const override {
    print(stdout, "{}", study_table(Store(file_, Store::Access::kRead)));
    return kDone;
  }

 private:
  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_study_show(CLI::App& parent) { return std::make_unique<StudyShow>(parent); }

}  // namespace initlaw
