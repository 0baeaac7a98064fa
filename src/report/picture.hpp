#pragma once

#include <string>
#include <vector>

#include "initlaw/laws.hpp"

namespace initlaw {

/// What a series shows; it has the same colour in all pictures.
enum class Role { kSimulated, kFiniteWidth, kLogGaussian, kGaussian, kExact, kOther };

/// That of a law; kOther if it has none of its own.
Role role_of(const LawKind& kind);

struct Point {
  double x;
  double y;
  /// The standard error of y; 0 for none.
  double error = 0;
};

struct Series {
  enum class Style { kLine, kPoints, kJoinedPoints, kSquares };

  std::string label;
  Role role;
  Style style;
  std::vector<Point> points;
  /// Tells series of the same role apart, by dashes, the shape of points, or the size of squares: 0 is the largest, 3
  /// the smallest.
  int variant = 0;
};

struct Picture {
  /// A name for files, of letters, digits and dashes.
  std::string name;
  std::string caption;
  std::string x_label;
  std::string y_label;
  bool log_x = false;
  bool log_y = false;
  std::vector<Series> series;
};

/// Throws std::runtime_error if gnuplot cannot be run: to be called before work whose end is a picture.
void require_gnuplot();

/// True if there is anything to draw: a finite point, positive where its axis is logarithmic.
bool has_points(const Picture& picture);

/// The picture as an SVG image that scales with its box, made by gnuplot. Whatever is black on paper takes the text's
/// colour, so that the image can be put into a dark page. Throws std::invalid_argument unless has_points(picture), and
/// std::runtime_error if gnuplot cannot be run.
std::string draw_svg(const Picture& picture);

/// A drawing whose colours are a page's variables --finite-width, --log-gaussian, --gaussian, --exact and --other, so
/// that they can differ between light and dark screens.
std::string with_page_colours(std::string svg);

/// The picture's numbers: series, x, y, std_error.
std::string to_csv(const Picture& picture);

}  // namespace initlaw
