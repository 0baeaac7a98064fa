#include "cli/commands/commands.hpp"
#include "cli/commands/study_shared.hpp"
#include "study/verify.hpp"

namespace initlaw {
namespace {

class StudyVerify final : public Command {
 public:
  explicit StudyVerify(CLI::App& parent)
      : Command(parent, "verify", "Check a file for damage, and repeat its cheapest cells",
                "initlaw study verify study.sqlite") {
    add_file(app_, file_);
    add_text(app_, "--repeat", repeat_, "how many cells to simulate again, the cheapest first (default 1)")
        ->type_name("N");
  }

  ExitStatus run(const Invocation&) const override {
    const Store store(file_, Store::Access::kRead);
    const std::vector<std::string> found = verify(store, repeat_.empty() ? 1 : count_of("repeat", repeat_));
    for (const std::string& line : found) print(stdout, "{}: {}\n", file_, line);
    if (found.empty()) print(stdout, "{}: no damage was found\n", file_);
    return found.empty() ? kDone : kFailed;
  }

 private:
  std::string file_;
  std::string repeat_;
};

}  // namespace

std::unique_ptr<Command> make_study_verify(CLI::App& parent) { return std::make_unique<StudyVerify>(parent); }

}  // namespace initlaw
