#include "report/angle_pictures.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace initlaw {
namespace {

std::vector<Picture> pictures_of(const std::vector<std::vector<double>>& inputs) {
  const Network network = vanilla({.width = 30, .depth = 10, .inputs = 2});
  return angle_pictures(
      compare(simulate_jointly(network, {.samples = 500}, inputs), predict_angles(network, {}, inputs)));
}

TEST(AnglePictures, ShowEachPairByDepthBesideItsLaw) {
  const std::vector<Picture> pictures = pictures_of({{1, 0}, {1, 1}, {0, 1}});
  std::vector<std::string> names;
  for (const Picture& picture : pictures) names.push_back(picture.name);
  EXPECT_EQ(names, (std::vector<std::string>{"angle-0-1", "density-0-1", "angle-0-2", "density-0-2", "angle-1-2",
                                             "density-1-2", "spread"}));
  const std::vector<Series>& series = pictures[0].series;
  ASSERT_EQ(series.size(), 5);
  for (std::size_t l = 0; l <= 10; ++l) {
    const double simulated = series[0].points[l].y;
    EXPECT_GT(simulated, series[2].points[l].y) << l;
    EXPECT_LT(simulated, series[3].points[l].y) << l;
    EXPECT_NEAR(simulated, series[1].points[l].y, 0.05 * simulated + 5 * series[0].points[l].error) << l;
  }
  EXPECT_NEAR(series[4].points[0].y, 45, 1e-9);
}

TEST(AnglePictures, OfParallelInputsHaveNoLaw) {
  for (const Picture& picture : pictures_of({{1, 0}, {2, 0}})) {
    for (const Series& series : picture.series)
      EXPECT_EQ(series.label.find("law") == 0 && !series.points.empty(), false);
  }
  EXPECT_TRUE(pictures_of({{1, 0}}).empty());
}

}  // namespace
}  // namespace initlaw
