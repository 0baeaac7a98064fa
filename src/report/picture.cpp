#include "report/picture.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "report/gnuplot.hpp"
#include "result/table.hpp"

namespace initlaw {
namespace {

// Okabe and Ito's colours, which colour-blind readers can tell apart: for gnuplot, as gnuplot writes them in SVG, and
// the name of the page's variable for them.
struct Colour {
  const char* name;
  const char* svg;
  const char* variable;
};

Colour colour(Role role) {
  switch (role) {
    case Role::kSimulated:
      return {"black", "rgb(  0,   0,   0)", "currentColor"};
    case Role::kFiniteWidth:
      return {"#b8860b", "rgb(184, 134,  11)", "var(--finite-width)"};
    case Role::kLogGaussian:
      return {"#0072b2", "rgb(  0, 114, 178)", "var(--log-gaussian)"};
    case Role::kGaussian:
      return {"#d55e00", "rgb(213,  94,   0)", "var(--gaussian)"};
    case Role::kExact:
      return {"#009e73", "rgb(  0, 158, 115)", "var(--exact)"};
    case Role::kOther:
      return {"#cc79a7", "rgb(204, 121, 167)", "var(--other)"};
  }
  return {};
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// A single-quoted gnuplot string, in which nothing but the quote has a special meaning.
std::string quoted(std::string text) {
  replace_all(text, "'", "''");
  replace_all(text, "\n", " ");
  return "'" + text + "'";
}

bool can_be_drawn(const Picture& picture, const Point& point) {
  return std::isfinite(point.x) && std::isfinite(point.y) && (!picture.log_x || point.x > 0) &&
         (!picture.log_y || point.y > 0);
}

/// The ends of a point's error bar. On a logarithmic axis it must not reach 0.
std::pair<double, double> bar(const Picture& picture, const Point& point) {
  const double error = std::isfinite(point.error) ? point.error : 0;
  return {picture.log_y ? std::max(point.y - error, point.y / 10) : point.y - error, point.y + error};
}

/// The smallest and the largest of what all points give.
template <typename Ends>
std::pair<double, double> values(const Picture& picture, const Ends& ends) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Series& series : picture.series) {
    for (const Point& point : series.points) {
      if (!can_be_drawn(picture, point)) continue;
      const auto [a, b] = ends(point);
      low = std::min(low, a);
      high = std::max(high, b);
    }
  }
  return {low, high};
}

/// The ticks of a logarithmic axis: powers of ten, and twice and five times those where there are few.
std::string logarithmic_ticks(double low, double high) {
  const bool few = std::log10(high / low) < 2.2;
  std::string ticks;
  for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10) {
    for (const double multiple : {1, 2, 5}) {
      if (multiple > 1 && !few) continue;
      const double tick = multiple * decade;
      if (tick >= low && tick <= high) ticks += fmt::format("{}{:g}", ticks.empty() ? "" : ", ", tick);
    }
  }
  return ticks;
}

/// An axis with some room beside the values.
std::string range(char axis, bool logarithmic, std::pair<double, double> values) {
  auto [low, high] = values;
  if (!(low <= high)) throw std::invalid_argument("picture: there is no point that can be drawn");
  constexpr double kRoom = 0.04;
  if (!logarithmic) {
    const double room = high > low ? kRoom * (high - low) : 1;
    return fmt::format("set {}range [{:.10g}:{:.10g}]\n", axis, low - room, high + room);
  }
  const double room = high > low ? std::pow(high / low, kRoom) : 2;
  low /= room;
  high *= room;
  return fmt::format("set logscale {0}\nset {0}range [{1:.10g}:{2:.10g}]\nset {0}tics ({3})\n", axis, low, high,
                     logarithmic_ticks(low, high));
}

std::string style(const Series& series, bool errors) {
  if (series.style == Series::Style::kLine) return fmt::format("using 1:2 with lines dashtype {}", series.variant + 1);
  if (series.style == Series::Style::kSquares) {
    return fmt::format("using 1:2 with points pointsize {} pointtype 5", 1.2 - 0.3 * series.variant);
  }
  constexpr std::array kShapes = {7, 5, 9, 11, 13, 6, 4, 8};
  const bool joined = series.style == Series::Style::kJoinedPoints;
  return fmt::format(
      "using {} with {} pointsize 0.6 pointtype {}", errors ? "1:2:3:4" : "1:2",
      errors ? (joined ? "yerrorlines dashtype 3" : "yerrorbars") : (joined ? "linespoints dashtype 3" : "points"),
      kShapes[static_cast<std::size_t>(series.variant) % kShapes.size()]);
}

std::string script(const Picture& picture) {
  std::size_t longest = 0;
  for (const Series& series : picture.series) longest = std::max(longest, display_width(series.label));
  // The legend takes a line for some two series. Its letters are narrower than gnuplot expects.
  std::string text = fmt::format(
                         "set encoding utf8\n"
                         "set terminal svg size 480,{} dynamic font 'sans-serif,14' linewidth 1.4 noenhanced\n"
                         "set key outside top center horizontal samplen 1.5 font ',12.5' width {:.1f}\n",
                         300 + 13 * picture.series.size(), -0.17 * static_cast<double>(longest)) +
                     "set border 3\n"
                     "set tics nomirror out\n"
                     "set bars 0.4\n"
                     "set format '%g'\n";
  text += fmt::format("set xlabel {}\nset ylabel {}\n", quoted(picture.x_label), quoted(picture.y_label));
  text += range('x', picture.log_x, values(picture, [](const Point& point) { return std::pair(point.x, point.x); }));
  text += range('y', picture.log_y, values(picture, [&](const Point& point) { return bar(picture, point); }));
  std::string plots;
  for (std::size_t i = 0; i < picture.series.size(); ++i) {
    const Series& series = picture.series[i];
    std::string data;
    bool errors = false;
    for (const Point& point : series.points) {
      if (!can_be_drawn(picture, point)) continue;
      const auto [low, high] = bar(picture, point);
      data += fmt::format("{:.10g} {:.10g} {:.10g} {:.10g}\n", point.x, point.y, low, high);
      errors = errors || high > point.y;
    }
    if (data.empty()) continue;
    text += fmt::format("$series{} << END\n{}END\n", i, data);
    plots += fmt::format("{}$series{} {} linecolor rgb '{}' title {}", plots.empty() ? "plot " : ", ", i,
                         style(series, errors), colour(series.role).name, quoted(series.label));
  }
  return text + plots + "\n";
}

}  // namespace

void require_gnuplot() { gnuplot(""); }

Role role_of(const LawKind& kind) {
  if (kind.key == "finite_width") return Role::kFiniteWidth;
  if (kind.key == "log_gaussian") return Role::kLogGaussian;
  if (kind.key == "gaussian") return Role::kGaussian;
  if (kind.key == "exact") return Role::kExact;
  return Role::kOther;
}

bool has_points(const Picture& picture) {
  return std::any_of(picture.series.begin(), picture.series.end(), [&](const Series& series) {
    return std::any_of(series.points.begin(), series.points.end(),
                       [&](const Point& point) { return can_be_drawn(picture, point); });
  });
}

std::string draw_svg(const Picture& picture) {
  std::string svg = gnuplot(script(picture));
  const std::size_t start = svg.find("<svg");
  if (start == std::string::npos) throw std::runtime_error("gnuplot made no picture of " + picture.name);
  svg.erase(0, start);
  replace_all(svg, colour(Role::kSimulated).svg, colour(Role::kSimulated).variable);
  replace_all(svg, "\"black\"", "\"currentColor\"");
  replace_all(svg, "'black'", "'currentColor'");
  // Below each point with an error bar gnuplot puts a white one, which on a dark page would shine through.
  for (std::size_t at; (at = svg.find(" color='white'/>")) != std::string::npos;) {
    const std::size_t line = svg.rfind('\n', at);
    svg.erase(line, svg.find('\n', at) - line);
  }
  const std::size_t description = svg.find("<desc>");
  const std::size_t description_end = svg.find("</desc>");
  if (description_end != std::string::npos) svg.erase(description, description_end + 7 - description);
  replace_all(svg, "<title>Gnuplot</title>", "<title>" + picture.name + "</title>");
  replace_all(svg, "'textbox'", "'" + picture.name + "-textbox'");
  replace_all(svg, "'greybox'", "'" + picture.name + "-greybox'");
  // Several pictures of a page must not share names.
  replace_all(svg, "gpPt", picture.name + "-pt");
  replace_all(svg, "gpDot", picture.name + "-dot");
  replace_all(svg, "gnuplot_plot", picture.name + "-plot");
  return svg;
}

std::string with_page_colours(std::string svg) {
  for (const Role role : {Role::kFiniteWidth, Role::kLogGaussian, Role::kGaussian, Role::kExact, Role::kOther}) {
    replace_all(svg, colour(role).svg, colour(role).variable);
  }
  return svg;
}

std::string to_csv(const Picture& picture) {
  std::string text = "series,x,y,std_error\n";
  for (const Series& series : picture.series) {
    std::string label = series.label;
    replace_all(label, "\"", "\"\"");
    for (const auto& [x, y, error] : series.points) {
      text += fmt::format("\"{}\",{:.10g},{:.10g},{:.4g}\n", label, x, y, error);
    }
  }
  return text;
}

}  // namespace initlaw
