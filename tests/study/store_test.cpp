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

SingleCell cell_of(std::size_t width, std::uint64_t samples) {
  return {
      vanilla({.width = width, .depth = 3, .inputs = 2}), Input({1, 2}), {.samples = samples, .seed = 5}, std::nullopt};
}

const SingleCell& single(const StoredCell& stored) { return std::get<SingleCell>(stored.cell); }

TEST_F(StoreTest, GivesBackWhatWasStored) {
  {
    Store store(file(), Store::Access::kWrite);
    store.add({cell_of(4, 100), cell_of(8, 100)});
    store.save({{2, {.target = 100, .sums = std::string("a\0b", 3), .samples = 60, .result = "", .seconds = 1.5}}});
  }
  const Store store(file(), Store::Access::kRead);
  const auto cells = store.unfinished(0, 10);
  ASSERT_EQ(cells.size(), 2);
  EXPECT_EQ(single(cells[1]).network, cell_of(8, 100).network);
  EXPECT_EQ(single(cells[1]).input, Input({1, 2}));
  EXPECT_EQ(single(cells[1]).options.seed, 5);
  EXPECT_EQ(cells[1].progress.sums, std::string("a\0b", 3));
  EXPECT_EQ(cells[1].progress.samples, 60);
  EXPECT_EQ(cells[1].progress.seconds, 1.5);
  EXPECT_EQ(store.counts().cells, 2);
  EXPECT_EQ(store.counts().finished, 0);
}

JointCell joint_cell(std::uint64_t samples) {
  return {vanilla({.width = 4, .depth = 3, .inputs = 2}),
          {{0.1, 1e-300}, {-1, 1.0 / 3}, {0, 0}},
          {.samples = samples, .seed = 5, .pairs = {{0, 1}, {0, 2}}, .layers = {1, 3}}};
}

TEST_F(StoreTest, GivesBackCellsOfSeveralInputs) {
  JointCell other_pairs = joint_cell(100);
  other_pairs.options.pairs.pop_back();
  Store store(file(), Store::Access::kWrite);
  EXPECT_EQ(store.add({joint_cell(100), other_pairs, cell_of(4, 100)}), 3);
  EXPECT_EQ(store.add({joint_cell(200)}), 0);
  const auto cells = store.unfinished(0, 10);
  ASSERT_EQ(cells.size(), 3);
  const auto& found = std::get<JointCell>(cells[0].cell);
  EXPECT_EQ(found.network, other_pairs.network);
  EXPECT_EQ(found.inputs, other_pairs.inputs);
  EXPECT_EQ(found.options.pairs, joint_cell(100).options.pairs);
  EXPECT_EQ(found.options.layers, joint_cell(100).options.layers);
  EXPECT_EQ(found.options.seed, 5);
  EXPECT_EQ(found.options.samples, 200);
  EXPECT_EQ(cells[0].progress.target, 200);
  EXPECT_EQ(std::get<JointCell>(cells[1].cell).options.pairs, other_pairs.options.pairs);
  EXPECT_TRUE(std::holds_alternative<SingleCell>(cells[2].cell));

  EXPECT_THROW(store.extend(1000, 0.1), std::invalid_argument);
  store.extend(1000, std::nullopt);
  for (const StoredCell& stored : store.unfinished(0, 10)) EXPECT_EQ(stored.progress.target, 1000);
}

TEST_F(StoreTest, FinishesACellOnceAndReopensItForMoreSamples) {
  Store store(file(), Store::Access::kWrite);
  store.add({cell_of(4, 100)});
  store.save(
      {{1,
        {.target = 100, .sums = "", .samples = 100, .result = R"({"G":{"mean":{"std_error":0.1}}})", .seconds = 1}}});
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
  store.save({{1, {.target = 1000, .sums = "t", .samples = 600, .result = "", .seconds = 1}}});
  store.add({cell_of(4, 100)});
  EXPECT_EQ(store.unfinished(0, 10)[0].progress.target, 600);
}

TEST_F(StoreTest, RefusesASecondWriter) {
  const Store store(file(), Store::Access::kWrite);
  EXPECT_THROW(Store(file(), Store::Access::kWrite), std::invalid_argument);
  EXPECT_NO_THROW(Store(file(), Store::Access::kRead));
}

TEST_F(StoreTest, RefusesASecondWriterThroughALink) {
  std::filesystem::create_symlink(file(), folder_ / "before.sqlite");
  const Store store(folder_ / "before.sqlite", Store::Access::kWrite);
  EXPECT_TRUE(std::filesystem::exists(file()));
  std::filesystem::create_symlink("study.sqlite", folder_ / "link.sqlite");
  std::filesystem::create_directory_symlink(folder_, folder_ / "self");
  for (const auto& other : {file(), folder_ / "link.sqlite", folder_ / "self" / "study.sqlite"}) {
    EXPECT_THROW(Store(other, Store::Access::kWrite), std::invalid_argument) << other;
    EXPECT_NO_THROW(Store(other, Store::Access::kRead)) << other;
  }
  std::filesystem::create_hard_link(file(), folder_ / "hard.sqlite");
  EXPECT_THROW(Store(folder_ / "hard.sqlite", Store::Access::kWrite), std::invalid_argument);
}

TEST_F(StoreTest, SaysWhyThereIsNoLock) {
  std::filesystem::create_directory(folder_ / "study.sqlite.lock");
  try {
    const Store store(file(), Store::Access::kWrite);
    FAIL() << "a folder was locked";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("cannot be locked: Is a directory"), std::string::npos) << error.what();
  }
}

TEST_F(StoreTest, RefusesAFileOfTwoNames) {
  { const Store store(file(), Store::Access::kWrite); }
  std::filesystem::create_hard_link(file(), folder_ / "hard.sqlite");
  for (const auto& name : {file(), folder_ / "hard.sqlite"}) {
    for (const auto access : {Store::Access::kRead, Store::Access::kWrite}) {
      EXPECT_THROW(Store(name, access), std::invalid_argument) << name;
    }
  }
  std::filesystem::remove(folder_ / "hard.sqlite");
  EXPECT_NO_THROW(Store(file(), Store::Access::kWrite));
}

TEST_F(StoreTest, IsAFileWhateverItIsCalled) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder_);
  for (const char* name : {":memory:", "file:y?mode=memory", "file:z", "a b%20?c#d"}) {
    Store(name, Store::Access::kWrite).add({cell_of(4, 100)});
    EXPECT_TRUE(std::filesystem::is_regular_file(folder_ / name)) << name;
    EXPECT_EQ(Store(name, Store::Access::kRead).counts().cells, 1) << name;
  }
  std::filesystem::current_path(before);
}

TEST_F(StoreTest, RefusesWhatCannotBeAFile) {
  for (const char* name : {".", "/dev/null", "nowhere/study.sqlite", ""}) {
    EXPECT_THROW(Store(name, Store::Access::kWrite), std::invalid_argument) << name;
  }
}

TEST_F(StoreTest, ExtendsAllCellsOrNone) {
  Store store(file(), Store::Access::kWrite);
  SingleCell antithetic = cell_of(8, 100);
  antithetic.options.estimator = Estimator::kAntithetic;
  store.add({cell_of(4, 100), antithetic});
  EXPECT_THROW(store.extend(3001, std::nullopt), std::invalid_argument);
  EXPECT_THROW(store.extend(100'000'000'000'000, std::nullopt), std::invalid_argument);
  for (const StoredCell& stored : store.unfinished(0, 10)) EXPECT_EQ(single(stored).options.samples, 100);
  store.extend(3000, 0.5);
  for (const StoredCell& stored : store.unfinished(0, 10)) {
    EXPECT_EQ(single(stored).options.samples, 3000);
    EXPECT_EQ(single(stored).goal_std_error, 0.5);
  }
}

TEST_F(StoreTest, CountsCellsThatAreYetToBeAdded) {
  Store store(file(), Store::Access::kWrite);
  EXPECT_EQ(store.add({cell_of(4, 100)}, 3), 1);
  EXPECT_EQ(store.counts().cells, 3);
  EXPECT_EQ(store.add({cell_of(4, 100), cell_of(8, 100)}), 1);
  EXPECT_EQ(store.counts().cells, 2);
}

TEST(JournalMode, SharesNoMemoryOnANetwork) {
  // As statfs(2) has them.
  for (const std::uint32_t type : {0x6969u, 0xff534d42u, 0xfe534d42u, 0x65735546u, 0x0bd00bd0u, 0x47504653u}) {
    EXPECT_EQ(journal_mode_on(type), "delete");
  }
  for (const std::uint32_t type : {0xef53u, 0x58465342u, 0x9123683eu, 0x01021994u}) {
    EXPECT_EQ(journal_mode_on(type), "wal");
  }
}

TEST_F(StoreTest, RefusesToReadWhatIsNotThere) {
  EXPECT_THROW(Store(file(), Store::Access::kRead), std::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

}  // namespace
}  // namespace initlaw
