#include "study/study_report.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "initlaw/compare.hpp"
#include "initlaw/laws.hpp"
#include "network/network_document.hpp"
#include "report/page.hpp"
#include "result/table.hpp"
#include "study/schema.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;
using Style = Series::Style;

std::string ks_column(const LawKind& law) { return fmt::format("{}_ks", law.key); }

/// The rows of a view, by the columns' names.
class Rows {
 public:
  explicit Rows(Store::View view) : view_(std::move(view)) {
    for (std::size_t i = 0; i < view_.columns.size(); ++i) index_[view_.columns[i]] = i;
  }

  std::size_t size() const { return view_.rows.size(); }
  const std::string& text(std::size_t row, const std::string& column) const {
    return view_.rows[row][index_.at(column)];
  }
  /// NaN for what does not exist.
  double number(std::size_t row, const std::string& column) const {
    const std::string& digits = text(row, column);
    double value = std::numeric_limits<double>::quiet_NaN();
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }

 private:
  Store::View view_;
  std::map<std::string, std::size_t> index_;
};

/// Those that a cell of the view `result` has a distance from.
std::vector<LawKind> laws_of(const Rows& results) {
  std::vector<LawKind> found;
  for (const LawKind& law : law_kinds()) {
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (results.text(i, ks_column(law)).empty()) continue;
      found.push_back(law);
      break;
    }
  }
  return found;
}

std::string csv_field(const std::string& field) {
  if (field.find_first_of(",\"\n") == std::string::npos) return field;
  std::string text(1, '"');
  for (const char c : field) text.append(c == '"' ? 2 : 1, c);
  text.push_back('"');
  return text;
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::vector<std::string> parts;
  parts.reserve(fields.size());
  for (const std::string& field : fields) parts.push_back(csv_field(field));
  return fmt::format("{}\n", fmt::join(parts, ","));
}

/// 4 digits, or what is no number as it is.
std::string rounded(const std::string& digits) {
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size() ? fmt::format("{:.4g}", value) : digits;
}

Picture map_of_limits(const Rows& limits) {
  struct Region {
    std::string holds;
    Role role;
    int variant = 0;
  };
  const Region regions[] = {{"finite-width, log-Gaussian, Gaussian", Role::kExact},
                            {"finite-width, Gaussian", Role::kExact, 2},
                            {"finite-width, log-Gaussian", Role::kLogGaussian},
                            {"finite-width", Role::kFiniteWidth},
                            {"log-Gaussian, Gaussian", Role::kGaussian, 2},
                            {"log-Gaussian", Role::kLogGaussian, 2},
                            {"Gaussian", Role::kGaussian},
                            {"none", Role::kOther}};
  std::map<std::string, std::vector<Point>> places;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    places[limits.text(i, "holds")].push_back({limits.number(i, "width"), limits.number(i, "depth")});
  }
  Picture picture{
      .name = "map-of-limits",
      .caption = fmt::format("Which laws are off by no more than {:.0f} points in any probability of ln||z_out||^2.",
                             100 * kHoldsBelow),
      .x_label = "width n",
      .y_label = "depth d",
      .log_x = true,
      .log_y = true,
      .series = {}};
  for (const auto& [holds, role, variant] : regions) {
    if (places.contains(holds)) picture.series.push_back({holds, role, Style::kSquares, places[holds], variant});
  }
  return picture;
}

/// The larger a square, the farther the limit is from the networks.
Picture map_of_deviation(const Rows& results, const LawKind& law) {
  constexpr std::array kLevels = {kRoughBelow, kHoldsBelow, 0.01, 0.0};
  std::array<std::vector<Point>, kLevels.size()> places;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const double ks = results.number(i, ks_column(law));
    if (std::isnan(ks)) continue;
    const auto level = std::find_if(kLevels.begin(), kLevels.end() - 1, [&](double above) { return ks >= above; });
    places[static_cast<std::size_t>(level - kLevels.begin())].push_back(
        {results.number(i, "width"), results.number(i, "depth")});
  }
  Picture picture{
      .name = fmt::format("map-of-{}", law.key),
      .caption = fmt::format("How far the {} is from the networks: its Kolmogorov-Smirnov distance.", law.name),
      .x_label = "width n",
      .y_label = "depth d",
      .log_x = true,
      .log_y = true,
      .series = {}};
  std::replace(picture.name.begin(), picture.name.end(), '_', '-');
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    if (places[level].empty()) continue;
    picture.series.push_back(
        {level == 0 ? fmt::format("more than {}", kLevels[0]) : fmt::format("to {}", kLevels[level - 1]), role_of(law),
         Style::kSquares, std::move(places[level]), static_cast<int>(level)});
  }
  return picture;
}

Picture deviation(const Rows& results) {
  Picture picture{.name = "deviation",
                  .caption = "The Kolmogorov-Smirnov distance of each law from the networks, one point a cell.",
                  .x_label = "d/n",
                  .y_label = "Kolmogorov-Smirnov distance",
                  .log_x = true,
                  .log_y = true,
                  .series = {}};
  for (const LawKind& law : laws_of(results)) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < results.size(); ++i) {
      points.push_back({results.number(i, "depth_per_width"), results.number(i, ks_column(law))});
    }
    picture.series.push_back({std::string(law.name), role_of(law), Style::kPoints, std::move(points)});
  }
  return picture;
}

constexpr std::pair<const char*, const char*> kStandardArchitecture[] = {{"branch", "activation-first"},
                                                                         {"norm", "none"},
                                                                         {"activation", "leaky-relu"},
                                                                         {"weights", "gaussian"},
                                                                         {"input_layer", "gaussian"}};

/// What is not standard of a row's architecture: ", norm pre"; empty if nothing is.
std::string architecture_of(const Rows& results, std::size_t i) {
  std::string text;
  for (const auto& [column, standard] : kStandardArchitecture) {
    if (results.text(i, column) != standard) text += fmt::format(", {} {}", column, results.text(i, column));
  }
  // An inner width that follows the width is no other kind.
  if (results.text(i, "branch_width") != results.text(i, "width")) {
    text += fmt::format(", branch width {:.4g} n", results.number(i, "branch_width") / results.number(i, "width"));
  }
  return text;
}

/// One picture for each kind of network; those that differ in width and depth alone share one.
std::vector<Picture> collapses(const Rows& results) {
  using Kind = std::tuple<std::string, std::string, std::string, std::string, std::string, std::string, std::string>;
  std::map<Kind, std::vector<std::size_t>> kinds;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto text = [&](const char* column) { return results.text(i, column); };
    kinds[{text("family"), text("alpha"), text("lambda"), text("leak"), text("flip"), text("branch_depth"),
           architecture_of(results, i)}]
        .push_back(i);
  }
  std::vector<Picture> pictures;
  for (const auto& [kind, rows] : kinds) {
    std::map<double, std::vector<Point>> by_width;
    std::map<double, double> predicted;
    for (const std::size_t i : rows) {
      const double ratio = results.number(i, "depth_per_width");
      by_width[results.number(i, "width")].push_back({ratio, results.number(i, "log_output_norm2_variance"),
                                                      results.number(i, "log_output_norm2_variance_error")});
      predicted[ratio] = results.number(i, "log_gaussian_variance");
    }
    if (predicted.size() < 2) continue;
    const bool wide = predicted.rbegin()->first > 10 * predicted.begin()->first;
    const auto& [family, alpha, lambda, leak, flip, branch_depth, architecture] = kind;
    Picture picture{
        .name = fmt::format("collapse-{}", pictures.size() + 1),
        .caption = fmt::format("The variance of ln||z_out||^2 of {} networks, alpha {}, lambda {}, leak {}, flip {}, "
                               "branch depth {}{}, against d/n.",
                               family, rounded(alpha), rounded(lambda), leak, flip, branch_depth, architecture),
        .x_label = "d/n",
        .y_label = "Var ln||z_out||^2",
        .log_x = wide,
        .log_y = wide,
        .series = {}};
    std::vector<Point> line;
    line.reserve(predicted.size());
    for (const auto& [x, y] : predicted) line.push_back({x, y});
    picture.series.push_back({"log-Gaussian limit", Role::kLogGaussian, Style::kLine, std::move(line)});
    int variant = 0;
    for (auto& [width, points] : by_width) {
      std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
      picture.series.push_back(
          {fmt::format("width {}", width), Role::kSimulated, Style::kPoints, std::move(points), variant++});
    }
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

/// Whether a row of the view `angles` is of the last layer, of which its numbers of G are.
bool is_last_layer(const Rows& angles, std::size_t i) { return angles.text(i, "layer") == angles.text(i, "depth"); }

/// Where angles are what their law says, points lie on the line.
Picture angles_against_law(const Rows& angles, const std::string& figure) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < angles.size(); ++i) {
    if (!is_last_layer(angles, i)) continue;
    points.push_back({angles.number(i, "law_log_tangent_" + figure), angles.number(i, "log_tangent_" + figure),
                      angles.number(i, "log_tangent_" + figure + "_error")});
  }
  std::erase_if(points, [](const Point& point) { return std::isnan(point.x) || std::isnan(point.y); });
  std::vector<Point> line;
  line.reserve(points.size());
  for (const Point& point : points) line.push_back({point.x, point.x});
  std::sort(line.begin(), line.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
  return {.name = "angle-" + figure,
          .caption = fmt::format("The {} of ln tan(theta/2) of each pair of inputs in the last layer.", figure),
          .x_label = figure + " by the law of angles",
          .y_label = figure,
          .series = {{"simulated", Role::kSimulated, Style::kPoints, std::move(points)},
                     {"law", Role::kLogGaussian, Style::kLine, std::move(line)}}};
}

std::string with_error(const Rows& rows, std::size_t i, const std::string& column) {
  return fmt::format("{:.4g} ± {:.1g}", rows.number(i, column), rows.number(i, column + "_error"));
}

std::string table_of_results(const Rows& results) {
  Table table;
  const std::vector<LawKind> laws = laws_of(results);
  std::vector<std::string> titles{"family", "width",   "depth",     "alpha",        "lambda",
                                  "seed",   "samples", "mean of G", "variance of G"};
  for (const LawKind& law : laws) titles.push_back(fmt::format("{} KS", law.title));
  table.add(std::move(titles));
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto text = [&](const char* column) { return rounded(results.text(i, column)); };
    std::vector<std::string> row{results.text(i, "family") + architecture_of(results, i),
                                 results.text(i, "width"),
                                 results.text(i, "depth"),
                                 text("alpha"),
                                 text("lambda"),
                                 results.text(i, "seed"),
                                 results.text(i, "samples"),
                                 with_error(results, i, "G_mean"),
                                 with_error(results, i, "G_variance")};
    for (const LawKind& law : laws) row.push_back(rounded(results.text(i, ks_column(law))));
    table.add(std::move(row));
  }
  return table.text();
}

std::string table_of_angles(const Rows& angles) {
  Table table;
  table.add({"family", "width", "depth", "alpha", "lambda", "seed", "samples", "inputs", "mean of ln tan(theta/2)",
             "law", "variance", "law", "mean cosine", "law"});
  for (std::size_t i = 0; i < angles.size(); ++i) {
    if (!is_last_layer(angles, i)) continue;
    const auto text = [&](const char* column) { return rounded(angles.text(i, column)); };
    table.add({text("family"), angles.text(i, "width"), angles.text(i, "depth"), text("alpha"), text("lambda"),
               angles.text(i, "seed"), angles.text(i, "samples"),
               fmt::format("{}-{}", angles.text(i, "i"), angles.text(i, "j")),
               with_error(angles, i, "log_tangent_mean"), text("law_log_tangent_mean"),
               with_error(angles, i, "log_tangent_variance"), text("law_log_tangent_variance"),
               with_error(angles, i, "cosine"), text("law_cosine")});
  }
  return table.text();
}

Json heading_of(const SingleCell& cell) {
  return {{"input", {{"log_mean_square", cell.input.log_mean_square(cell.network)}}},
          {"seed", cell.options.seed},
          {"method", to_string(cell.options.method)},
          {"precision", to_string(cell.options.precision)},
          {"estimator", to_string(cell.options.estimator)}};
}

Json heading_of(const JointCell& cell) { return {{"seed", cell.options.seed}, {"method", kJointMethod}}; }

}  // namespace

std::string study_json(const Store& store) {
  Json cells = Json::array();
  store.each([&](const StoredCell& stored) {
    if (!stored.finished) return;
    Json cell = {{"result_version", stored.result_version}, {"network", network_document(network_of(stored.cell))}};
    std::visit([&](const auto& one) { cell.update(heading_of(one)); }, stored.cell);
    cell.update(Json::parse(stored.progress.result));
    cells.push_back(std::move(cell));
  });
  return Json{{"cells", std::move(cells)}}.dump(1) + "\n";
}

std::string study_csv(const Store& store, const std::string& name) {
  const Store::View view = store.view(name);
  const auto seconds =
      static_cast<std::size_t>(std::find(view.columns.begin(), view.columns.end(), "seconds") - view.columns.begin());
  const auto timeless = [&](std::vector<std::string> fields) {
    fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(seconds));
    return fields;
  };
  std::string csv = csv_line(timeless(view.columns));
  for (const auto& row : view.rows) csv += csv_line(timeless(row));
  return csv;
}

std::string study_table(const Store& store) {
  const Rows results(store.view("result"));
  const Rows angles(store.view("angles"));
  std::string text = results.size() > 0 || angles.size() == 0 ? table_of_results(results) : "";
  if (angles.size() > 0) text += (text.empty() ? "" : "\n") + table_of_angles(angles);
  return text;
}

std::vector<Picture> study_pictures(const Store& store) {
  const Rows results(store.view("result"));
  std::vector<Picture> pictures = {map_of_limits(Rows(store.view("limits")))};
  for (const LawKind& law : laws_of(results)) pictures.push_back(map_of_deviation(results, law));
  pictures.push_back(deviation(results));
  for (Picture& picture : collapses(results)) pictures.push_back(std::move(picture));
  const Rows angles(store.view("angles"));
  for (const char* figure : {"mean", "variance"}) pictures.push_back(angles_against_law(angles, figure));
  std::erase_if(pictures, [](const Picture& picture) { return !has_points(picture); });
  return pictures;
}

std::string study_html(const Store& store, const std::string& command) {
  Page page("A study of networks at initialization");
  const Store::Counts counts = store.counts();
  page.paragraph(
      fmt::format("{} of {} cells are finished: {} networks.", counts.finished, counts.cells, counts.samples));
  for (const Picture& picture : study_pictures(store)) page.picture(picture, draw_svg(picture));
  page.folded("The cells", study_table(store));
  page.preformatted(command);
  return page.html();
}

}  // namespace initlaw
