#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "reproduction/run.hpp"

namespace initlaw {

/// Results, and what made them.
struct Reproduction {
  std::vector<Result> results;
  /// False if not all claims were come to.
  bool complete;
  /// The whole command.
  std::string command;
  /// How a command reads the input: "", or "--input FILE --row R".
  std::string input_options;
};

/// A verdict for each claim, with its figures, and the checks that failed.
std::string to_text(const Reproduction& reproduction);
nlohmann::ordered_json to_document(const Reproduction& reproduction);

struct File {
  std::string name;
  std::string content;
};

inline constexpr const char* kReportName = "report.html";

/// The report, and each picture as SVG and as CSV; a network that no options describe, as TOML. Throws
/// std::runtime_error if gnuplot cannot be run.
std::vector<File> report_files(const Reproduction& reproduction);

}  // namespace initlaw
