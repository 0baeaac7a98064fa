#include "study/grid.hpp"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace initlaw {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

std::vector<SingleCell> cells(const std::string& toml) {
  const Study study(toml, ".");
  std::vector<SingleCell> found;
  for (const Cell& cell : study.cells(0, study.size())) found.push_back(std::get<SingleCell>(cell));
  return found;
}

std::vector<std::size_t> depths(const std::string& toml) {
  std::vector<std::size_t> found;
  for (const SingleCell& cell : cells(toml)) found.push_back(cell.network.depth());
  return found;
}

/// What is said to a wrong study.
std::string refusal(const std::string& toml) {
  try {
    Study(toml, ".").require_valid();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Study, HasAllCombinations) {
  const Study study("width = [2, 3]\ndepth = [5, 6, 7]\nfamily = 'balanced'\n", ".");
  ASSERT_EQ(study.size(), 6);
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (const Cell& cell : study.cells(0, 6)) {
    const Network& network = network_of(cell);
    EXPECT_EQ(network.family(), Family::kBalanced);
    found.emplace_back(network.width(0), network.depth());
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
  for (const SingleCell& cell : cells("width = 4\ndepth = 2\nalpha = {from = 0.1, to = 0.7, step = 0.1}\n")) {
    alphas.push_back(cell.network.alpha(1));
  }
  EXPECT_THAT(alphas, ElementsAre(DoubleNear(0.1, 1e-12), DoubleNear(0.2, 1e-12), DoubleNear(0.3, 1e-12),
                                  DoubleNear(0.4, 1e-12), DoubleNear(0.5, 1e-12), DoubleNear(0.6, 1e-12),
                                  DoubleNear(0.7, 1e-12)));
}

TEST(Study, TakesAListInAListForASchedule) {
  const auto found = cells("width = 4\ndepth = 2\nalpha = [1.0, [0.5, 0.25]]\n");
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[0].network.alpha(2), 1);
  EXPECT_EQ(found[1].network.alpha(2), 0.25);
}

TEST(Study, MakesTheDepthFromTheWidth) {
  EXPECT_THAT(depths("width = [10, 40]\ndepth_per_width = 0.26\n"), ElementsAre(3, 10));
}

TEST(Study, ReadsPlans) {
  const auto found = cells(
      "[[grid]]\nwidth = 4\ndepth = 2\nsamples = 1e3\nseed = 7\nmethod = 'dense'\n"
      "[[grid]]\nwidth = 4\ndepth = 2\nstd_error = 0.5\nprecision = 'double'\nestimator = 'antithetic'\n");
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[0].options.samples, 1000);
  EXPECT_EQ(found[0].options.seed, 7);
  EXPECT_EQ(found[0].options.method, Method::kDense);
  EXPECT_FALSE(found[0].goal_std_error);
  EXPECT_EQ(found[1].goal_std_error, 0.5);
  EXPECT_EQ(found[1].options.precision, Precision::kDouble);
  EXPECT_EQ(found[1].options.estimator, Estimator::kAntithetic);
}

/// A folder with a file of inputs, whose rows are 1, i and i again and again.
class StudyOfSeveralInputs : public testing::Test {
 protected:
  StudyOfSeveralInputs() {
    std::string name = (std::filesystem::temp_directory_path() / "initlaw-grid-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~StudyOfSeveralInputs() override { std::filesystem::remove_all(folder_); }

  void write(int rows, int columns) const {
    std::ofstream file(folder_ / "inputs.csv");
    for (int i = 0; i < rows; ++i) {
      file << 1;
      for (int k = 1; k < columns; ++k) file << "," << i;
      file << "\n";
    }
  }

  std::filesystem::path folder_;
};

TEST_F(StudyOfSeveralInputs, ReadsRowsPairsAndLayers) {
  write(4, 2);
  const Study study("input = 'inputs.csv'\nrows = ['0-2', '3,0']\nwidth = 4\ndepth = 5\nsamples = 1e3\nseed = 7\n",
                    folder_);
  ASSERT_EQ(study.size(), 2);
  const auto found = study.cells(0, 2);
  const auto& of_three = std::get<JointCell>(found[0]);
  EXPECT_EQ(of_three.network, vanilla({.width = 4, .depth = 5, .inputs = 2}));
  EXPECT_THAT(of_three.inputs, ElementsAre(ElementsAre(1, 0), ElementsAre(1, 1), ElementsAre(1, 2)));
  EXPECT_THAT(of_three.options.pairs, ElementsAre(InputPair(0, 1), InputPair(0, 2), InputPair(1, 2)));
  EXPECT_THAT(of_three.options.layers, ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_EQ(of_three.options.samples, 1000);
  EXPECT_EQ(of_three.options.seed, 7);
  EXPECT_THAT(std::get<JointCell>(found[1]).inputs, ElementsAre(ElementsAre(1, 3), ElementsAre(1, 0)));

  const Study chosen("input = 'inputs.csv'\nrows = '0-3'\npairs = '2-1,0-3'\nlayers = '1-2'\nwidth = 4\ndepth = 5\n",
                     folder_);
  const auto cell = std::get<JointCell>(chosen.cells(0, 1)[0]);
  EXPECT_THAT(cell.options.pairs, ElementsAre(InputPair(1, 2), InputPair(0, 3)));
  EXPECT_THAT(cell.options.layers, ElementsAre(1, 2, 5));
}

TEST_F(StudyOfSeveralInputs, OfLargeInputsIsGivenInPiecesThatFitIntoMemory) {
  write(100, 800);
  const Study study("input = 'inputs.csv'\nrows = '0-99'\nwidth = 2\ndepth = 1\nseed = {from = 1, to = 150}\n",
                    folder_);
  const std::size_t first = study.cells(0, 150).size();
  EXPECT_GT(first, 50);
  EXPECT_LT(first, 150);
  EXPECT_EQ(std::get<JointCell>(study.cells(first, 150)[0]).options.seed, first + 1);
  EXPECT_NO_THROW(study.require_valid());
}

TEST(Study, OfABillionCellsIsCountedAtOnce) {
  const Study study("width = 100\ndepth = 50\nseed = {from = 1, to = 1e9}\nsamples = 1e5\n", ".");
  EXPECT_EQ(study.size(), 1'000'000'000);
  EXPECT_NEAR(study.estimated_work() / 1e9, 100 * 51 * 1e5, 1);
  EXPECT_EQ(study.cells(999'999'999, 10).size(), 1);
  EXPECT_EQ(std::get<SingleCell>(study.cells(999'999'999, 10)[0]).options.seed, 1'000'000'000);
}

TEST(Study, GivesItsCellsInAnyPieces) {
  const Study study("[[grid]]\nwidth = [2, 3]\ndepth = [5, 6]\n[[grid]]\nwidth = 9\ndepth = [1, 2, 3]\n", ".");
  const auto all = study.cells(0, study.size());
  ASSERT_EQ(all.size(), 7);
  for (std::uint64_t first = 0; first <= all.size(); ++first) {
    const auto piece = study.cells(first, 3);
    ASSERT_EQ(piece.size(), std::min<std::size_t>(3, all.size() - first));
    for (std::size_t i = 0; i < piece.size(); ++i) EXPECT_EQ(network_of(piece[i]), network_of(all[first + i]));
  }
}

TEST(Study, RefusesADepthThatNoNetworkHas) {
  for (const char* ratio : {"1e30", "-3", "0", "0.04"}) {
    const std::string message = refusal(std::string("width = [10]\ndepth_per_width = ") + ratio + "\n");
    EXPECT_THAT(message, testing::HasSubstr("depth_per_width: ")) << ratio;
    EXPECT_THAT(message, testing::HasSubstr("[0.05, 9e+14]")) << ratio;
  }
  EXPECT_THAT(refusal("width = 10\ndepth_per_width = -3\n"), testing::HasSubstr("-3 is out of range"));
  EXPECT_THAT(depths("width = 10\ndepth_per_width = [0.05, 0.14, 0.16]\n"), ElementsAre(1, 1, 2));
}

TEST(Study, RefusesNumbersThatAreNotFinite) {
  for (const char* key : {"depth_per_width", "alpha", "std_error", "samples"}) {
    for (const char* number : {"inf", "-inf", "nan", "[[1, inf]]"}) {
      const std::string message = refusal(fmt::format("width = 10\n{} = {}\n", key, number));
      EXPECT_THAT(message, testing::HasSubstr(fmt::format("{}: ", key))) << number;
      EXPECT_THAT(message, testing::HasSubstr("not a finite number")) << number;
    }
  }
}

TEST(Study, RefusesRangesBeyondIntegers) {
  for (const char* key : {"depth", "seed", "samples"}) {
    const std::string toml = std::string(key) + " = {from = 1, to = 1e30, factor = 1e10}\n";
    EXPECT_THAT(refusal("width = 10\n" + toml), testing::HasSubstr(std::string(key) + ": ")) << toml;
  }
}

TEST(Study, OfABillionCellsIsLookedAtInAllItsParts) {
  const std::string many = "depth = 5\nseed = {from = 1, to = 1e9}\n";
  EXPECT_EQ(refusal("width = [10, 20]\n" + many), "");
  EXPECT_THAT(refusal("family = ['vanilla', 'nilla']\nwidth = 10\n" + many), testing::HasSubstr("nilla"));
}

TEST(Study, RefusesACellThatIsThereTwice) {
  EXPECT_THAT(refusal("width = 10\ndepth = [4, 5, 6, 5]\n"), testing::HasSubstr("cell 4 of 4 is the same as cell 2"));
  EXPECT_EQ(refusal("width = 10\ndepth = [4, 5, 6]\n"), "");
}

}  // namespace
}  // namespace initlaw
