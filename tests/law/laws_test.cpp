#include "initlaw/laws.hpp"

#include <gmock/gmock.h>

#include <set>

#include "initlaw/finite_width.hpp"
#include "initlaw/limit.hpp"

namespace initlaw {
namespace {

using ::testing::ElementsAre;

std::vector<std::string_view> keys(const std::vector<NamedLaw>& laws) {
  std::vector<std::string_view> found;
  for (const auto& [kind, law] : laws) found.push_back(kind.key);
  return found;
}

TEST(Laws, AreThoseThatExistForTheNetwork) {
  EXPECT_THAT(keys(laws(vanilla({.width = 9, .depth = 4}))), ElementsAre("finite_width", "log_gaussian", "gaussian"));
  EXPECT_THAT(keys(laws(fully_connected({.width = 9, .depth = 4}))),
              ElementsAre("finite_width", "log_gaussian", "gaussian", "exact"));
  EXPECT_THAT(keys(laws(fully_connected({.width = 9, .depth = 4, .leak = 0.1}))),
              ElementsAre("finite_width", "log_gaussian", "gaussian"));
}

TEST(Laws, AreTheOnesTheyAreNamedAfter) {
  const Network network = fully_connected({.width = 9, .depth = 4, .inputs = 2, .outputs = 3});
  const Input input({3, 4});
  const std::vector<NamedLaw> found = laws(network, input);
  EXPECT_EQ(found.at(0).law.variance(), finite_width(network, input).variance());
  EXPECT_EQ(found.at(1).law.variance(), infinite_depth_and_width(network, input).variance());
  EXPECT_EQ(found.at(2).law.mean(), infinite_width(network, input).mean());
  EXPECT_EQ(found.at(3).law.variance(), exact_fully_connected(network, input).variance());
}

TEST(Laws, AreMadeOneByOneAsAllTogether) {
  const Network network = fully_connected({.width = 20, .depth = 9, .outputs = 3});
  for (const auto& [kind, law] : laws(network)) {
    ASSERT_TRUE(kind.exists(network)) << kind.key;
    EXPECT_EQ(kind.make(network, {}).quantile(0.3), law.quantile(0.3)) << kind.key;
  }
}

TEST(Laws, HaveNamesOfTheirOwn) {
  std::set<std::string_view> keys, titles, names;
  for (const LawKind& kind : law_kinds()) {
    keys.insert(kind.key);
    titles.insert(kind.title);
    names.insert(kind.name);
  }
  for (const auto& unique : {keys, titles, names}) EXPECT_EQ(unique.size(), law_kinds().size());
}

}  // namespace
}  // namespace initlaw
