#include <filesystem>
#include <stdexcept>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/commands/study_shared.hpp"
#include "report/picture.hpp"
#include "study/study_report.hpp"

namespace initlaw {
namespace {

class StudyPlot final : public Command {
 public:
  explicit StudyPlot(CLI::App& parent)
      : Command(parent, "plot", "Pictures: which limit holds where, deviations, collapse on d/n",
                "initlaw study plot study.sqlite --out pictures") {
    add_file(app_, file_);
    add_text(app_, "--out", folder_, "folder for report, pictures and their data (default: FILE without .sqlite)")
        ->type_name("DIR");
  }

  ExitStatus run(const Invocation& invocation) const override {
    require_gnuplot();
    const Store store(file_, Store::Access::kRead);
    const std::filesystem::path folder =
        folder_.empty() ? std::filesystem::path(file_).replace_extension() : std::filesystem::path(folder_);
    const auto pictures = study_pictures(store);
    if (pictures.empty()) throw std::runtime_error(file_ + ": no cell is finished that could be drawn");
    std::vector<std::filesystem::path> outputs{folder / "study.html"};
    for (const Picture& picture : pictures) {
      for (const char* extension : {".svg", ".csv"}) outputs.push_back(folder / (picture.name + extension));
    }
    require_distinct(files_of_study(file_), outputs);
    make_folder(folder);
    for (const Picture& picture : pictures) {
      OutputFile(folder / (picture.name + ".svg")).write(draw_svg(picture));
      OutputFile(folder / (picture.name + ".csv")).write(to_csv(picture));
    }
    OutputFile(folder / "study.html").write(study_html(store, invocation.command_line));
    print(stderr, "The report is {}\n", (folder / "study.html").string());
    return kDone;
  }

 private:
  std::string file_;
  std::string folder_;
};

}  // namespace

std::unique_ptr<Command> make_study_plot(CLI::App& parent) { return std::make_unique<StudyPlot>(parent); }

}  // namespace initlaw
