#include "study/store.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <stdexcept>

namespace initlaw {
namespace {

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string name = (std::filesystem::temp_directory_path() / "initlaw-store-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~StoreTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file() const { return folder_ / "study.sqlite"; }

  std::filesystem::path folder_;
};

Cell cell_of(std::size_t width, std::uint64_t samples) {
  return {
      vanilla({.width = width, .depth = 3, .inputs = 2}), Input({1, 2}), {.samples = samples, .seed = 5}, std::nullopt};
}

TEST_F(StoreTest, GivesBackWhatWasStored) {
  {
    Store store(file(), Store::Access::kWrite);
    store.add({cell_of(4, 100), cell_of(8, 100)});
    store.save({{2, {.target = 100, .tally = std::string("a\0b", 3), .samples = 60, .result = "", .seconds = 1.5}}});
  }
  const Store store(file(), Store::Access::kRead);
  const auto cells = store.unfinished(0, 10);
  ASSERT_EQ(cells.size(), 2);
  EXPECT_EQ(cells[1].cell.network, cell_of(8, 100).network);
  EXPECT_EQ(cells[1].cell.input, Input({1, 2}));
  EXPECT_EQ(cells[1].cell.plan.seed, 5);
  EXPECT_EQ(cells[1].progress.tally, std::string("a\0b", 3));
  EXPECT_EQ(cells[1].progress.samples, 60);
  EXPECT_EQ(cells[1].progress.seconds, 1.5);
  EXPECT_EQ(store.counts().cells, 2);
  EXPECT_EQ(store.counts().finished, 0);
}

TEST_F(StoreTest, FinishesACellOnceAndReopensItForMoreSamples) {
  Store store(file(), Store::Access::kWrite);
  store.add({cell_of(4, 100)});
  store.save(
      {{1,
        {.target = 100, .tally = "", .samples = 100, .result = R"({"G":{"mean":{"std_error":0.1}}})", .seconds = 1}}});
  EXPECT_TRUE(store.unfinished(0, 10).empty());
  EXPECT_EQ(store.counts().worst_std_error, 0.1);
  for (const std::uint64_t fewer : {100u, 50u}) store.add({cell_of(4, fewer)});
  EXPECT_TRUE(store.unfinished(0, 10).empty());
  store.add({cell_of(4, 200)});
  ASSERT_EQ(store.unfinished(0, 10).size(), 1);
  EXPECT_EQ(store.unfinished(0, 10)[0].progress.target, 200);
}

TEST_F(StoreTest, KeepsWhatIsDoneIfTheGoalIsLowered) {
  Store store(file(), Store::Access::kWrite);
  store.add({cell_of(4, 1000)});
  store.save({{1, {.target = 1000, .tally = "t", .samples = 600, .result = "", .seconds = 1}}});
  store.add({cell_of(4, 100)});
  EXPECT_EQ(store.unfinished(0, 10)[0].progress.target, 600);
}

TEST_F(StoreTest, RefusesASecondWriter) {
  const Store store(file(), Store::Access::kWrite);
  EXPECT_THROW(Store(file(), Store::Access::kWrite), std::invalid_argument);
  EXPECT_NO_THROW(Store(file(), Store::Access::kRead));
}

TEST_F(StoreTest, RefusesToReadWhatIsNotThere) {
  EXPECT_THROW(Store(file(), Store::Access::kRead), std::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

}  // namespace
}  // namespace initlaw
