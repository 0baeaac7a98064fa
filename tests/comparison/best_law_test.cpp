#include "comparison/best_law.hpp"

#include <gtest/gtest.h>

#include "comparison/prediction.hpp"
#include "initlaw/compare.hpp"

namespace initlaw {
namespace {

TEST(BestLaw, IsTheExactOneElseThatOfFiniteWidthWhereItIsGood) {
  const BestLaw exact = best_law(fully_connected({.width = 10, .depth = 5}), {});
  EXPECT_EQ(exact.law.kind.key, "exact");
  EXPECT_EQ(exact.error, 0);
  const BestLaw usual = best_law(vanilla({.width = 100, .depth = 50}), {});
  EXPECT_EQ(usual.law.kind.key, "finite_width");
  EXPECT_LT(usual.error.value_or(1), 0.01);
  const BestLaw narrow = best_law(vanilla({.width = 4, .depth = 50}), {});
  EXPECT_EQ(narrow.law.kind.key, "log_gaussian");
  EXPECT_FALSE(narrow.error);
}

TEST(BestLaw, ChangesAtItsThreshold) {
  const Network network = vanilla({.width = 100, .depth = 50});
  const auto all = laws(network);
  EXPECT_EQ(best_of(network, all, kHoldsBelow).law.kind.key, "finite_width");
  EXPECT_EQ(best_of(network, all, kHoldsBelow).error, kHoldsBelow);
  EXPECT_EQ(best_of(network, all, kHoldsBelow * (1 + 1e-15)).law.kind.key, "log_gaussian");
  EXPECT_EQ(best_of(network, all, std::nullopt).law.kind.key, "log_gaussian");
}

TEST(BestLaw, IsThePredictions) {
  for (const Network& network : {vanilla({.width = 30, .depth = 15}), vanilla({.width = 2, .depth = 9}),
                                 fully_connected({.width = 4, .depth = 3, .leak = 0.5})}) {
    const BestLaw best = best_law(network, {});
    const Prediction prediction = predict(network, {});
    EXPECT_EQ(prediction.regime->predicted.law, best.law.kind.key);
    EXPECT_EQ(prediction.regime->predicted.law_error, best.error);
    EXPECT_EQ(prediction.regime->predicted.spread.variance, best.law.law.variance());
  }
}

}  // namespace
}  // namespace initlaw
