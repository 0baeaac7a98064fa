#include "report/network_pictures.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace initlaw {
namespace {

const Series& series(const Picture& picture, const std::string& label) {
  return *std::find_if(picture.series.begin(), picture.series.end(),
                       [&](const Series& candidate) { return candidate.label == label; });
}

std::vector<Picture> pictures_of(const Network& network, std::uint64_t samples) {
  return network_pictures(compare(simulate(network, {.samples = samples}), predict(network, {})));
}

const Picture& named(const std::vector<Picture>& pictures, const std::string& name) {
  return *std::find_if(pictures.begin(), pictures.end(), [&](const Picture& p) { return p.name == name; });
}

/// How many standard errors a simulated point is from the law's line, which has one at almost the same place.
double departure(const Point& point, const Series& line) {
  const auto nearest = std::min_element(line.points.begin(), line.points.end(), [&](const Point& a, const Point& b) {
    return std::abs(a.x - point.x) < std::abs(b.x - point.x);
  });
  return (point.y - nearest->y) / std::hypot(point.error, 0.02 * nearest->y);
}

TEST(NetworkPictures, SetTheDensityBesideTheExactLaw) {
  const auto pictures = pictures_of(fully_connected({.width = 30, .depth = 5, .outputs = 4}), 200'000);
  for (const char* name : {"density", "output"}) {
    const Picture& picture = named(pictures, name);
    const auto& points = series(picture, "simulated").points;
    double integral = 0;
    std::size_t compared = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      integral += points[i].y * (points[1].x - points[0].x);
      // An interval's mean density is not that of its middle where the density bends, near 0 and in the last bins.
      if (points[i].y < 0.02 || points[i].x == points[0].x) continue;
      EXPECT_LT(std::abs(departure(points[i], series(picture, "exact law"))), 5) << name << " at " << points[i].x;
      ++compared;
    }
    EXPECT_GT(compared, 8) << name;
    // One output's density is that of both signs.
    EXPECT_NEAR(integral, std::string(name) == "output" ? 0.5 : 1, 0.08) << name;
  }
}

TEST(NetworkPictures, ShowEveryLawInAColourOfItsOwn) {
  const Network network = fully_connected({.width = 10, .depth = 3});
  const auto pictures = pictures_of(network, 10'000);
  for (const char* name : {"density", "quantiles", "output"}) {
    std::set<Role> roles{Role::kSimulated};
    for (const auto& [kind, law] : laws(network))
      roles.insert(series(named(pictures, name), std::string(kind.name)).role);
    EXPECT_EQ(roles.size(), 1 + laws(network).size()) << name;
  }
}

TEST(NetworkPictures, PutTheQuantilesOfALawThatHoldsOnTheDiagonal) {
  const auto pictures = pictures_of(fully_connected({.width = 30, .depth = 20, .outputs = 4}), 200'000);
  const Picture& picture = named(pictures, "quantiles");
  for (const Point& point : series(picture, "exact law").points)
    EXPECT_LT(std::abs(point.y - point.x), 5 * point.error);
  double worst = 0;
  for (const Point& point : series(picture, "Gaussian limit").points)
    worst = std::max(worst, std::abs(point.y - point.x));
  EXPECT_GT(worst, 1);
}

TEST(NetworkPictures, ShowTheGrowthRelativeToTheInput) {
  const Network network = vanilla({.width = 50, .depth = 25, .inputs = 2, .outputs = 1});
  const Input input({30, 40});
  const auto pictures =
      network_pictures(compare(simulate(network, {.samples = 20'000}, input), predict(network, input)));
  const Picture& picture = named(pictures, "growth-mean");
  EXPECT_NEAR(series(picture, "simulated").points[0].y, -1.0 / 50, 0.01);
  EXPECT_NEAR(series(picture, "log-Gaussian limit").points[0].y, -1.0 / 50, 1e-12);
  EXPECT_EQ(series(picture, "Gaussian limit").points[0].y, 0);
}

TEST(NetworkPictures, AreDrawnForADeepAndForAShallowNetwork) {
  for (const std::size_t depth : {1, 2, 5000}) {
    for (const Picture& picture : pictures_of(vanilla({.width = 4, .depth = depth}), 64)) {
      EXPECT_NO_THROW(draw_svg(picture)) << picture.name << " at depth " << depth;
      for (const Series& one : picture.series) EXPECT_LE(one.points.size(), 5001) << picture.name;
    }
  }
}

}  // namespace
}  // namespace initlaw
