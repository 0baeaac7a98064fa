#include "report/picture.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace initlaw {
namespace {

using testing::HasSubstr;
using testing::Not;
using Style = Series::Style;

Picture picture_of(std::vector<Point> points) {
  return {.name = "test",
          .caption = "",
          .x_label = "x",
          .y_label = "y",
          .series = {{"measured", Role::kSimulated, Style::kPoints, std::move(points)},
                     {"predicted", Role::kLogGaussian, Style::kLine, {{1, 1}, {2, 4}}}}};
}

TEST(Picture, IsDrawnWithItsSeriesInTheirColoursAndBlackAsTheTextsColour) {
  const std::string svg = draw_svg(picture_of({{1, 1, 0.1}, {2, 4.2, 0.2}}));
  EXPECT_TRUE(svg.starts_with("<svg"));
  EXPECT_THAT(svg, HasSubstr("measured"));
  EXPECT_THAT(svg, HasSubstr("predicted"));
  EXPECT_THAT(svg, HasSubstr("currentColor"));
  EXPECT_THAT(svg, Not(HasSubstr("black")));
  EXPECT_THAT(svg, HasSubstr("114, 178"));  // of #0072b2
}

TEST(Picture, OfAPageHasNoColourOfItsOwn) {
  Picture picture{.name = "roles", .caption = "", .x_label = "x", .y_label = "y", .series = {}};
  for (const Role role :
       {Role::kSimulated, Role::kFiniteWidth, Role::kLogGaussian, Role::kGaussian, Role::kExact, Role::kOther}) {
    picture.series.push_back({"", role, Series::Style::kLine, {{0, 0}, {1, 1}}});
  }
  EXPECT_THAT(with_page_colours(draw_svg(picture)), Not(HasSubstr("rgb(")));
}

TEST(Picture, ShowsLabelsAsTheyAre) {
  Picture picture = picture_of({{1, 1}});
  picture.series[0].label = "it's 100% \"so\" $x `date` \\n {a}_b <&>";
  EXPECT_THAT(draw_svg(picture), HasSubstr("it's 100% \"so\" $x `date` \\n {a}_b &lt;&amp;"));
}

TEST(Picture, IsLaidOutByItsCharactersInEveryLocaleAndWithoutWarnings) {
  setenv("LC_ALL", "C", 1);
  Picture picture = picture_of({{1, 1}});
  picture.series[0].label = "abcdefghijkl";
  const std::string expected = draw_svg(picture);
  const std::string greek = "αβγδεζηθικλμ";
  picture.series[0].label = greek;
  testing::internal::CaptureStderr();
  std::string svg = draw_svg(picture);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  for (std::size_t at; (at = svg.find(greek)) != std::string::npos;) svg.replace(at, greek.size(), "abcdefghijkl");
  EXPECT_EQ(svg, expected);
}

TEST(Picture, LeavesOutPointsThatCannotBeDrawn) {
  Picture picture = picture_of({{1, 1}, {2, NAN}, {INFINITY, 3}, {3, 0}, {-1, 2}, {4, 5, INFINITY}});
  EXPECT_NO_THROW(draw_svg(picture));
  picture.log_x = picture.log_y = true;
  EXPECT_NO_THROW(draw_svg(picture));
  EXPECT_THAT(to_csv(picture), HasSubstr("\"measured\",3,0,0\n"));
}

TEST(Picture, OfOnePointIsDrawn) {
  Picture picture = picture_of({});
  picture.series.resize(1);
  EXPECT_THROW(draw_svg(picture), std::invalid_argument);
  picture.series[0].points = {{3, 7, 0}};
  EXPECT_THAT(draw_svg(picture), HasSubstr("measured"));
}

TEST(Picture, OfAPageDoesNotShareNamesWithAnother) {
  Picture first = picture_of({{1, 1}});
  Picture second = first;
  second.name = "other";
  EXPECT_THAT(draw_svg(first), HasSubstr("test-"));
  EXPECT_THAT(draw_svg(second), Not(HasSubstr("test-")));
}

TEST(Picture, LeavesNoTemporaryFilesBehind) {
  const auto ours = [] {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::temp_directory_path())) {
      if (entry.path().filename().string().starts_with("initlaw-picture-")) ++count;
    }
    return count;
  };
  const std::size_t before = ours();
  draw_svg(picture_of({{1, 1}}));
  EXPECT_EQ(ours(), before);
}

TEST(Picture, GivesItsNumbersAsCsv) {
  Picture picture = picture_of({{1, 1.5, 0.25}});
  picture.series[0].label = "a \"b\", c";
  EXPECT_EQ(to_csv(picture),
            "series,x,y,std_error\n\"a \"\"b\"\", c\",1,1.5,0.25\n\"predicted\",1,1,0\n\"predicted\",2,4,0\n");
}

}  // namespace
}  // namespace initlaw
