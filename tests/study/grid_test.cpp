#include "study/grid.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace initlaw {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

std::vector<std::size_t> depths(const std::string& toml) {
  std::vector<std::size_t> found;
  for (const Cell& cell : Study(toml, ".").cells()) found.push_back(cell.network.depth());
  return found;
}

TEST(Study, HasAllCombinations) {
  const Study study("width = [2, 3]\ndepth = [5, 6, 7]\nfamily = 'balanced'\n", ".");
  ASSERT_EQ(study.size(), 6);
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (const Cell& cell : study.cells()) {
    EXPECT_EQ(cell.network.family(), Family::kBalanced);
    found.emplace_back(cell.network.width(0), cell.network.depth());
  }
  EXPECT_THAT(found, testing::UnorderedElementsAre(std::pair(2, 5), std::pair(3, 5), std::pair(2, 6), std::pair(3, 6),
                                                   std::pair(2, 7), std::pair(3, 7)));
}

TEST(Study, HasRangesWithBothEnds) {
  EXPECT_THAT(depths("width = 4\ndepth = {from = 3, to = 5}\n"), ElementsAre(3, 4, 5));
  EXPECT_THAT(depths("width = 4\ndepth = {from = 10, to = 1, step = -4}\n"), ElementsAre(10, 6, 2));
  EXPECT_THAT(depths("width = 4\ndepth = {from = 1, to = 256, factor = 4}\n"), ElementsAre(1, 4, 16, 64, 256));
  EXPECT_THAT(depths("width = 4\ndepth = {from = 100, to = 1, factor = 0.1}\n"), ElementsAre(100, 10, 1));
  std::vector<double> alphas;
  for (const Cell& cell : Study("width = 4\ndepth = 2\nalpha = {from = 0.1, to = 0.7, step = 0.1}\n", ".").cells()) {
    alphas.push_back(cell.network.alpha(1));
  }
  EXPECT_THAT(alphas, ElementsAre(DoubleNear(0.1, 1e-12), DoubleNear(0.2, 1e-12), DoubleNear(0.3, 1e-12),
                                  DoubleNear(0.4, 1e-12), DoubleNear(0.5, 1e-12), DoubleNear(0.6, 1e-12),
                                  DoubleNear(0.7, 1e-12)));
}

TEST(Study, TakesAListInAListForASchedule) {
  const auto cells = Study("width = 4\ndepth = 2\nalpha = [1.0, [0.5, 0.25]]\n", ".").cells();
  ASSERT_EQ(cells.size(), 2);
  EXPECT_EQ(cells[0].network.alpha(2), 1);
  EXPECT_EQ(cells[1].network.alpha(2), 0.25);
}

TEST(Study, MakesTheDepthFromTheWidth) {
  EXPECT_THAT(depths("width = [10, 40]\ndepth_per_width = 0.26\n"), ElementsAre(3, 10));
}

TEST(Study, ReadsPlans) {
  const auto cells =
      Study(
          "[[grid]]\nwidth = 4\ndepth = 2\nsamples = 1e3\nseed = 7\nmethod = 'dense'\n"
          "[[grid]]\nwidth = 4\ndepth = 2\nstd_error = 0.5\nprecision = 'double'\nestimator = 'paired'\n",
          ".")
          .cells();
  ASSERT_EQ(cells.size(), 2);
  EXPECT_EQ(cells[0].plan.samples, 1000);
  EXPECT_EQ(cells[0].plan.seed, 7);
  EXPECT_EQ(cells[0].plan.method, Method::kDense);
  EXPECT_FALSE(cells[0].goal_std_error);
  EXPECT_EQ(cells[1].goal_std_error, 0.5);
  EXPECT_EQ(cells[1].plan.precision, Precision::kDouble);
  EXPECT_EQ(cells[1].plan.estimator, Estimator::kPaired);
}

TEST(Study, OfABillionCellsIsCountedAtOnce) {
  const Study study("width = 100\ndepth = 50\nseed = {from = 1, to = 1e9}\nsamples = 1e5\n", ".");
  EXPECT_EQ(study.size(), 1'000'000'000);
  // 5.1 10^8 updates a cell, at some 10^-9 s each.
  EXPECT_NEAR(study.estimated_seconds() / 1e9, 0.5, 0.4);
}

}  // namespace
}  // namespace initlaw
