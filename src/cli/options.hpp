#pragma once

#include <CLI/CLI.hpp>
#include <array>
#include <concepts>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output_file.hpp"
#include "files/read_file.hpp"
#include "initlaw/design.hpp"
#include "initlaw/several_inputs.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/tail.hpp"
#include "initlaw/tangent_kernel.hpp"

namespace initlaw {

/// The options that say which input.
class InputOptions {
 public:
  void add_to(CLI::App& command);
  /// Throws std::invalid_argument for whatever is wrong with the options or the file they name.
  Input input() const;
  /// The rows "0-9,12" of the input file. Throws as input() does, and if a single row was asked for as well.
  std::vector<std::vector<double>> inputs(const std::string& rows) const;
  /// The options as they were given, for a shell; "" for the default input.
  std::string text() const;
  /// The file that is read; empty for the default input.
  std::filesystem::path file() const { return file_; }

 private:
  std::string file_;
  std::string row_;
};

/// The options that say which network, at which input. They are texts until all of them are known.
class NetworkOptions {
 public:
  void add_to(CLI::App& command);
  struct Values {
    Network network;
    Input input;
  };
  /// Throws std::invalid_argument for whatever is wrong with the options or the files they name.
  Values values() const;
  /// The same, but for one field of the network, "width" say, which must not be among the options, and has any value.
  Values values_but(std::string_view key) const;
  const InputOptions& input() const { return input_; }
  /// The files that are read; empty paths are none.
  std::vector<std::filesystem::path> files() const { return {network_file_, input_.file()}; }
  /// The network for inputs of a given length, whatever the input options say. Throws as values() does.
  Network network(std::size_t inputs) const;

 private:
  std::map<std::string, std::string> network_;  ///< a network document's keys, as given
  std::string network_file_;
  InputOptions input_;

  nlohmann::ordered_json document() const;
  Values values_of(nlohmann::ordered_json document) const;
};

/// The option that asks for gradients.
class GradientOption {
 public:
  void add_to(CLI::App& command);
  /// Nothing if it was not given.
  std::optional<OutputDirection> direction() const;

 private:
  CLI::Option* option_ = nullptr;
  std::string direction_;
};

/// The options of a simulation.
class SimulationArguments {
 public:
  void add_to(CLI::App& command);
  SimulationOptions options() const;
  /// Of several inputs, the rows of a file. Throws std::invalid_argument if a way was asked for that these have not.
  TangentKernelOptions options_of_rows() const;

 private:
  std::map<std::string, std::string> counts_;
  std::string precision_;
  std::string method_;
  std::string estimator_;
  GradientOption gradients_;
};

/// The options that say which of several inputs are looked at, and where.
class PairOptions {
 public:
  /// Returns the option of the rows.
  CLI::Option* add_to(CLI::App& command);
  const std::string& rows() const { return rows_; }
  /// True if anything but rows was asked for.
  bool any() const { return !(pairs_.empty() && layers_.empty() && angle_.empty()); }
  /// The pairs and layers that were asked for.
  JointOptions options() const;
  /// In radians.
  double collapse_angle() const;

 private:
  std::string rows_;
  std::string pairs_;
  std::string layers_;
  std::string angle_;
};

/// The options of a simulation of several inputs.
class JointArguments {
 public:
  void add_to(CLI::App& command);
  JointOptions options() const;
  const PairOptions& pairs() const { return pairs_; }

 private:
  std::map<std::string, std::string> counts_;
  PairOptions pairs_;
};

/// The options of a tail's simulation.
class TailArguments {
 public:
  void add_to(CLI::App& command);
  TailOptions options() const;

 private:
  std::string threshold_;
  std::map<std::string, std::string> counts_;
};

/// The options of a design.
class DesignArguments {
 public:
  void add_to(CLI::App& command);
  struct Values {
    Parameter parameter;
    Target target;
    std::optional<double> from;
    std::optional<double> to;
  };
  Values values() const;
  /// Nothing unless it is to be verified.
  std::optional<VerificationOptions> verification() const;

 private:
  Target target() const;

  std::string find_;
  std::map<std::string, std::string> numbers_;  ///< those that say what the target is, and from where to where to look
  GradientOption gradients_;
  bool verify_ = false;
  std::map<std::string, std::string> counts_;
};

/// The options of a reproduction.
class ReproductionOptions {
 public:
  void add_to(CLI::App& command);
  struct Values {
    std::filesystem::path folder;
    double effort;
    std::uint64_t seed = 1;
    unsigned threads = 0;
  };
  Values values() const;

 private:
  bool quick_ = false;
  std::string folder_;
  std::map<std::string, std::string> counts_;
};

/// Adds an option that is a text. One that was given as "", perhaps from an empty variable, is a mistake and not an
/// option left out.
CLI::Option* add_text(CLI::App& command, const std::string& name, std::string& text, const std::string& description);
/// A count that was given as text, also as 1e6. Throws std::invalid_argument naming `key` if it is none.
std::uint64_t count_of(const std::string& key, const std::string& text);
/// The same for any number.
double number_of(const std::string& key, const std::string& text);

/// Makes a folder, and those that it is in. Throws std::invalid_argument if that is not possible.
void make_folder(const std::filesystem::path& folder);

/// An option that says where a file goes.
class FileOption {
 public:
  void add_to(CLI::App& command, const std::string& name, const std::string& description);
  const std::string& path() const { return path_; }
  bool to_standard_output() const { return path_ == "-"; }

 private:
  std::string path_;
};

/// Opens the files that were asked for; null stands for others. Throws std::invalid_argument if that is not possible,
/// or if one of them is another one or an input.
template <std::same_as<FileOption>... Options>
std::array<std::unique_ptr<OutputFile>, sizeof...(Options)> open_outputs(
    const std::vector<std::filesystem::path>& inputs, const Options&... options) {
  require_distinct(inputs, {options.path()...});
  return {options.path().empty() ? nullptr : std::make_unique<OutputFile>(options.path())...};
}

}  // namespace initlaw
