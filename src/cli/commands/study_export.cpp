#include <fmt/core.h>

#include <stdexcept>

#include "cli/commands/commands.hpp"
#include "cli/commands/study_shared.hpp"
#include "study/study_report.hpp"

namespace initlaw {
namespace {

class StudyExport final : public Command {
 public:
  explicit StudyExport(CLI::App& parent)
      : Command(parent, "export", "The finished cells for other programs",
                "initlaw study export study.sqlite --csv study.csv") {
    add_file(app_, file_);
    csv_.add_to(app_, "--csv", "comma-separated values, a row a cell of one input; - for standard output");
    angles_.add_to(app_, "--angles",
                   "comma-separated values of cells of several inputs, a row a pair and layer; - for standard output");
    json_.add_to(app_, "--json", "everything, with the layers; - for standard output");
  }

  ExitStatus run(const Invocation&) const override {
    const auto [csv, angles, json] = open_outputs(files_of_study(file_), csv_, angles_, json_);
    if (csv == nullptr && angles == nullptr && json == nullptr)
      throw std::invalid_argument(fmt::format("study {}: needs --csv, --angles or --json", app_.get_name()));
    const Store store(file_, Store::Access::kRead);
    if (csv != nullptr) csv->write(study_csv(store, "result"));
    if (angles != nullptr) angles->write(study_csv(store, "angles"));
    if (json != nullptr) json->write(study_json(store));
    return kDone;
  }

 private:
  std::string file_;
  FileOption csv_;
  FileOption angles_;
  FileOption json_;
};

}  // namespace

std::unique_ptr<Command> make_study_export(CLI::App& parent) { return std::make_unique<StudyExport>(parent); }

}  // namespace initlaw
