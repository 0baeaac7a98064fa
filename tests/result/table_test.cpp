#include "result/table.hpp"

#include <gtest/gtest.h>

namespace initlaw {
namespace {

TEST(Table, AlignsTheFirstColumnLeftAndTheOthersRight) {
  Table table;
  table.add({"", "simulated", "law"});
  table.add({"mean", "1.5", "12.25"});
  table.add({"only a label"});
  EXPECT_EQ(table.text(),
            "               simulated     law\n"
            "mean                 1.5   12.25\n"
            "only a label\n");
}

TEST(Table, CountsCharactersAndNotBytes) {
  Table table;
  table.add({"a", "1 ± 2"});
  table.add({"b", "12345"});
  EXPECT_EQ(table.text(), "a   1 ± 2\nb   12345\n");
}

}  // namespace
}  // namespace initlaw
