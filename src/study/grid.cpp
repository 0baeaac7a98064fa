#include "study/grid.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "initlaw/input.hpp"
#include "joint/joint_options.hpp"
#include "joint/number_lists.hpp"
#include "network/from_string.hpp"
#include "network/network_document.hpp"
#include "network/text_document.hpp"
#include "study/cell_task.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kNetworkKeys = {
    "family", "width",        "depth",  "depth_per_width", "inputs", "outputs",    "alpha",   "lambda",     "leak",
    "flip",   "branch_depth", "branch", "branch_width",    "norm",   "activation", "weights", "input_layer"};
constexpr std::array kPlanKeys = {"samples", "std_error", "seed", "method", "precision", "estimator",
                                  "input",   "row",       "rows", "pairs",  "layers"};
constexpr std::array kSingleKeys = {"std_error", "method", "precision", "estimator", "row"};
constexpr std::array kJointKeys = {"pairs", "layers"};
constexpr std::array kCounts = {"width",        "depth",   "inputs", "outputs", "branch_depth",
                                "branch_width", "samples", "seed",   "row"};

/// Up to it every whole number is a double.
constexpr double kMostCount = 9e15;

template <typename List>
bool contains(const List& list, const std::string& key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

[[noreturn]] void refuse(const std::string& key, const std::string& reason) {
  throw std::invalid_argument(key + ": " + reason);
}

/// A count may be written 1e6.
Json as_count(const std::string& key, const Json& value) {
  if (value.is_array()) {
    Json counts = Json::array();
    for (const Json& element : value) counts.push_back(as_count(key, element));
    return counts;
  }
  if (!value.is_number_float()) return value;
  const double number = value.get<double>();
  if (number != std::floor(number) || std::abs(number) > kMostCount)
    refuse(key, value.dump() + " is not a whole number");
  return static_cast<std::int64_t>(number);
}

void require_finite(const std::string& key, const Json& value) {
  if (value.is_array()) {
    for (const Json& element : value) require_finite(key, element);
  } else if (value.is_number() && !std::isfinite(value.get<double>())) {
    refuse(key, fmt::format("{} is not a finite number", value.get<double>()));
  }
}

double range_number(const std::string& key, const Json& range, const char* part) {
  if (!range.contains(part))
    refuse(key, fmt::format("{} has no {}; a range is {{from, to, step}} or {{from, to, factor}}", range.dump(), part));
  if (!range[part].is_number() || !std::isfinite(range[part].get<double>())) {
    refuse(key, fmt::format("{} {} is not a number", part, range[part].dump()));
  }
  return range[part].get<double>();
}

/// How many values an axis has, and what they are, as JSON texts.
using Values = std::pair<std::uint64_t, std::function<std::string(std::uint64_t)>>;

Values range_values(const std::string& key, const Json& range) {
  for (const auto& [part, value] : range.items()) {
    if (!contains(std::array{"from", "to", "step", "factor"}, part)) {
      refuse(key, part + " is no part of a range; those are from, to, step, factor");
    }
  }
  if (range.contains("step") && range.contains("factor")) refuse(key, "a range has a step or a factor, not both");
  const double from = range_number(key, range, "from");
  const double to = range_number(key, range, "to");
  const bool whole = contains(kCounts, key);
  if (whole && std::max(std::abs(from), std::abs(to)) > kMostCount)
    refuse(key, fmt::format("{} goes beyond {:g}", range.dump(), kMostCount));
  const bool by_factor = range.contains("factor");
  const double step = by_factor                ? range_number(key, range, "factor")
                      : range.contains("step") ? range_number(key, range, "step")
                                               : 1;
  // Rounding must not cost the last value.
  constexpr double kSlack = 1e-9;
  double steps = 0;
  if (by_factor) {
    if (!(from > 0 && to > 0 && step > 0 && step != 1))
      refuse(key, range.dump() + " needs positive ends, and a positive factor other than 1");
    steps = std::log(to / from) / std::log(step);
  } else {
    if (step == 0) refuse(key, range.dump() + " has a step of 0");
    steps = (to - from) / step;
  }
  if (steps < -kSlack)
    refuse(key,
           fmt::format("{} has no value: its {} leads away from {}", range.dump(), by_factor ? "factor" : "step", to));
  if (steps > 1e15) refuse(key, range.dump() + " has more than 10^15 values");
  const auto value = [from, step, by_factor, whole](std::uint64_t i) {
    const double x = by_factor ? from * std::pow(step, static_cast<double>(i)) : from + static_cast<double>(i) * step;
    return (whole ? Json(static_cast<std::int64_t>(std::llround(x))) : Json(x)).dump();
  };
  return {static_cast<std::uint64_t>(steps + kSlack) + 1, value};
}

Values axis_values(const std::string& key, const Json& value) {
  if (value.is_object()) return range_values(key, value);
  if (value.is_array() && value.empty()) refuse(key, "is an empty list; the grid has no cell");
  require_finite(key, value);
  std::vector<std::string> texts;
  texts.reserve(value.size());
  for (const Json& one : value.is_array() ? value : Json::array({value})) {
    texts.push_back((contains(kCounts, key) ? as_count(key, one) : one).dump());
  }
  const std::uint64_t size = texts.size();
  return {size, [texts = std::move(texts)](std::uint64_t i) { return texts[i]; }};
}

std::uint64_t count_of(const Json& fields, const char* key, std::uint64_t least) {
  const Json& value = fields[key];
  if (value.is_number_integer() && (value.is_number_unsigned() || value.get<std::int64_t>() >= 0)) {
    const auto count = value.get<std::uint64_t>();
    if (count >= least && count <= std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return count;
  }
  refuse(key, fmt::format("{} is not a whole number from {} on", value.dump(), least));
}

SimulationOptions plan_of(const Json& fields) {
  SimulationOptions options;
  if (fields.contains("samples")) options.samples = count_of(fields, "samples", 1);
  if (fields.contains("seed")) options.seed = count_of(fields, "seed", 0);
  if (fields.contains("method")) options.method = from_json<Method>("method", fields["method"]);
  if (fields.contains("precision")) options.precision = from_json<Precision>("precision", fields["precision"]);
  if (fields.contains("estimator")) options.estimator = from_json<Estimator>("estimator", fields["estimator"]);
  return options;
}

/// What was read of a file last: the next cell's is most often the same.
template <typename Rows, typename Value>
class Latest {
 public:
  template <typename Read>
  const Value& get(const std::filesystem::path& file, const Rows& rows, const Read& read) {
    if (!value_ || file != file_ || rows != rows_) {
      value_ = read(file, rows);
      file_ = file;
      rows_ = rows;
    }
    return *value_;
  }

 private:
  std::filesystem::path file_;
  Rows rows_{};
  std::optional<Value> value_;
};

struct LatestInputs {
  std::filesystem::path folder;
  Latest<std::size_t, Input> single = {};
  Latest<std::vector<std::size_t>, std::vector<std::vector<double>>> several = {};
};

std::int64_t depth_of(const Json& ratio, const Json& network) {
  if (network.contains("depth")) refuse("depth_per_width", "contradicts depth; give one of them");
  if (!ratio.is_number() || !network.contains("width") || !network["width"].is_number()) {
    refuse("depth_per_width", ratio.dump() + " is not a number, or the width is none");
  }
  const double width = network["width"].get<double>();
  const double depth = std::round(ratio.get<double>() * width);
  if (!(depth >= 1 && depth <= kMostCount)) {
    refuse("depth_per_width", fmt::format("{} is out of range [{:.3g}, {:.3g}], where width {} has a depth from 1 on",
                                          ratio.dump(), 0.5 / width, kMostCount / width, width));
  }
  return static_cast<std::int64_t>(depth);
}

Network network_of(const Json& fields, std::size_t inputs) {
  Json network = Json::object();
  for (const auto& [key, value] : fields.items()) {
    if (contains(kNetworkKeys, key) && key != "depth_per_width") network[key] = value;
  }
  if (!network.contains("family")) network["family"] = "vanilla";
  if (fields.contains("depth_per_width")) network["depth"] = depth_of(fields["depth_per_width"], network);
  if (inputs > 0 && !network.contains("inputs")) network["inputs"] = inputs;
  return network_from_document(network);
}

std::string text_of(const Json& fields, const char* key, const std::string& what) {
  if (!fields[key].is_string()) refuse(key, fields[key].dump() + " is not " + what);
  return fields[key].get<std::string>();
}

std::filesystem::path input_file_of(const Json& fields, const LatestInputs& inputs) {
  return inputs.folder / text_of(fields, "input", "the name of a file");
}

SingleCell single_cell_of(const Json& fields, LatestInputs& inputs) {
  for (const char* key : kJointKeys) {
    if (fields.contains(key)) refuse(key, "are those of which inputs? Give rows, too");
  }
  Input input;
  if (fields.contains("row") && !fields.contains("input")) refuse("row", "is that of which input? Give input, too");
  if (fields.contains("input")) {
    const std::size_t row = fields.contains("row") ? count_of(fields, "row", 0) : 0;
    input = inputs.single.get(input_file_of(fields, inputs), row, read_input);
  }
  Network network = network_of(fields, input.size());
  SingleCell cell{std::move(network), std::move(input), plan_of(fields), std::nullopt};
  if (fields.contains("std_error")) {
    const Json& goal = fields["std_error"];
    if (!goal.is_number() || !(goal.get<double>() >= Study::kLeastStdError) || !std::isfinite(goal.get<double>()))
      refuse("std_error", fmt::format("{} is out of range; it must be {} or more", goal.dump(), Study::kLeastStdError));
    cell.goal_std_error = goal.get<double>();
    if (!fields.contains("samples")) cell.options.samples = 1'000'000'000;
  }
  return cell;
}

JointCell joint_cell_of(const Json& fields, LatestInputs& inputs) {
  for (const char* key : kSingleKeys) {
    if (fields.contains(key))
      refuse(key, "is for cells of one input, and rows make one of several; leave one of them out");
  }
  if (!fields.contains("input")) refuse("rows", "are those of which input? Give input, too");
  const auto list = [&](const char* key, const auto& read) {
    return read(key, text_of(fields, key, "a list in a text"));
  };
  const std::vector<std::size_t> rows = list("rows", numbers_in);
  std::vector<std::vector<double>> x = inputs.several.get(input_file_of(fields, inputs), rows, read_rows);
  if (x.empty()) refuse("rows", "there is none; at least one is needed");
  JointOptions options;
  if (fields.contains("pairs")) options.pairs = list("pairs", pairs_in);
  if (fields.contains("layers")) options.layers = list("layers", numbers_in);
  if (fields.contains("samples")) options.samples = count_of(fields, "samples", 1);
  if (fields.contains("seed")) options.seed = count_of(fields, "seed", 0);
  Network network = network_of(fields, x[0].size());
  // So that what was chosen is the same cell as what was left open.
  options = completed(std::move(options), network, x);
  return {std::move(network), std::move(x), std::move(options)};
}

Cell cell_of(const Json& fields, LatestInputs& inputs) {
  Cell cell = fields.contains("rows") ? Cell(joint_cell_of(fields, inputs)) : Cell(single_cell_of(fields, inputs));
  require_valid(cell);
  return cell;
}

/// What a cell's inputs take.
std::uint64_t input_bytes(const Cell& cell) {
  const auto* single = std::get_if<SingleCell>(&cell);
  const auto* joint = std::get_if<JointCell>(&cell);
  return sizeof(double) * (single != nullptr ? single->input.size() : joint->inputs.size() * joint->inputs[0].size());
}

/// A number of what makes two cells the same one.
std::size_t identity(Cell cell) {
  std::visit([](auto& one) { one.options.samples = 2; }, cell);
  if (auto* single = std::get_if<SingleCell>(&cell)) single->goal_std_error.reset();
  return std::hash<std::string>()(to_bytes(cell, {}));
}

}  // namespace

Study::Study(std::string_view toml, std::filesystem::path folder) : folder_(std::move(folder)) {
  const Json document = document_of_toml(toml);
  Json grids = document;
  if (document.contains("grid")) {
    if (document.size() > 1) throw std::invalid_argument("grid: stands beside other keys; put them into the grids");
    grids = document["grid"];
  }
  if (grids.is_object()) grids = Json::array({grids});
  if (!grids.is_array() || grids.empty()) throw std::invalid_argument("grid: there is none, so the study has no cell");
  for (const Json& fields : grids) {
    if (!fields.is_object()) throw std::invalid_argument("grid: is not a table of keys");
    Grid grid;
    double size = 1;
    for (const auto& [key, value] : fields.items()) {
      if (!contains(kNetworkKeys, key) && !contains(kPlanKeys, key)) {
        refuse(key, fmt::format("is no key of a grid; those are {}, {}", fmt::join(kNetworkKeys, ", "),
                                fmt::join(kPlanKeys, ", ")));
      }
      auto [count, values] = axis_values(key, value);
      grid.push_back({key, count, std::move(values)});
      size *= static_cast<double>(count);
    }
    if (grid.empty()) throw std::invalid_argument("grid: is empty; it needs at least width and depth");
    if (size > 1e15)
      throw std::invalid_argument(fmt::format("grid: has {:.3g} cells, which no machine simulates", size));
    grids_.push_back(std::move(grid));
    sizes_.push_back(static_cast<std::uint64_t>(size));
    size_ += sizes_.back();
  }
}

std::vector<Cell> Study::cells(std::uint64_t first, std::uint64_t most) const {
  constexpr std::uint64_t kMostBytes = 1 << 26;
  LatestInputs inputs{folder_};
  std::vector<Cell> cells;
  std::uint64_t bytes = 0;
  for (std::uint64_t number = first; number < size_ && number - first < most && bytes < kMostBytes; ++number) {
    std::uint64_t index = number;
    std::size_t g = 0;
    while (index >= sizes_[g]) index -= sizes_[g++];
    Json fields = Json::object();
    // The last key's values change fastest.
    for (auto axis = grids_[g].rbegin(); axis != grids_[g].rend(); ++axis) {
      fields[axis->key] = Json::parse(axis->value(index % axis->size));
      index /= axis->size;
    }
    try {
      cells.push_back(cell_of(fields, inputs));
      bytes += input_bytes(cells.back());
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(fmt::format("cell {} of {}, {}: {}", number + 1, size_, fields.dump(), error.what()));
    }
  }
  return cells;
}

std::vector<Cell> Study::some_cells() const {
  constexpr std::uint64_t kMost = 1000;
  const std::uint64_t count = std::min(kMost, size_);
  std::vector<Cell> some;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count);
    some.push_back(cells(static_cast<std::uint64_t>(share * static_cast<double>(size_)), 1)[0]);
  }
  return some;
}

double Study::estimated_work() const {
  const std::vector<Cell> some = some_cells();
  double work = 0;
  for (const Cell& cell : some) {
    const std::uint64_t samples = std::visit([](const auto& one) { return one.options.samples; }, cell);
    const auto* single = std::get_if<SingleCell>(&cell);
    const bool has_goal = single != nullptr && single->goal_std_error;
    work += work_of(cell, has_goal ? std::min<std::uint64_t>(samples, 1'000'000) : samples);
  }
  return work / static_cast<double>(some.size()) * static_cast<double>(size_);
}

void Study::require_valid() const {
  if (size_ > kMostAtOnce) {
    some_cells();
    return;
  }
  constexpr std::uint64_t kBatch = 1000;
  std::map<std::size_t, std::uint64_t> seen;
  while (seen.size() < size_) {
    for (const Cell& cell : cells(seen.size(), kBatch)) {
      const std::uint64_t number = seen.size() + 1;
      const auto [other, is_new] = seen.emplace(identity(cell), number);
      if (!is_new) {
        throw std::invalid_argument(fmt::format("cell {} of {} is the same as cell {}: {}", number, size_,
                                                other->second, to_json(network_of(cell))));
      }
    }
  }
}

}  // namespace initlaw
