#include "comparison/comparison.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "comparison/joint_comparison.hpp"
#include "comparison/tail_comparison.hpp"

namespace initlaw {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Comparison, HoldsTheFitOfEveryLaw) {
  const Network network = fully_connected({.width = 8, .depth = 3, .outputs = 2});
  const Comparison comparison = compare(simulate(network, {.samples = 2000}), predict(network, {}));
  ASSERT_EQ(comparison.fits().size(), law_kinds().size());
  for (std::size_t i = 0; i < comparison.fits().size(); ++i) {
    const auto& [kind, law] = comparison.prediction().laws[i];
    EXPECT_EQ(comparison.fits()[i].kind.key, kind.key);
    EXPECT_EQ(comparison.fits()[i].fit.log_output_norm2.ks, compare(comparison.ensemble(), law).log_output_norm2.ks);
  }
  EXPECT_FALSE(comparison.gradients());
}

TEST(Comparison, HoldsThatOfTheGradientsThatWereSimulated) {
  const Network network = vanilla({.width = 20, .depth = 10});
  for (const OutputDirection direction : {OutputDirection::kRandom, OutputDirection::kOrthogonal}) {
    const Comparison comparison = compare(simulate(network, {.samples = 2000, .gradients = direction}),
                                          predict(network, {}, {.gradients = true}));
    const GradientLimit& limit = *comparison.prediction().gradient_limit();
    const GradientLaw& law = direction == OutputDirection::kRandom ? limit.random : limit.orthogonal;
    ASSERT_TRUE(comparison.gradients());
    EXPECT_EQ(comparison.gradients()->ks, compare(*comparison.ensemble().gradients, law).ks);
  }
}

// Whatever a network is made of, and the input.
TEST(Comparison, RefusesAnotherNetworkOrInputByTheNameOfWhatDiffers) {
  const ResNetOptions options{.width = 10, .depth = 4, .inputs = 2};
  const Network network = vanilla(options);
  const auto with = [&](auto ResNetOptions::*member, auto value) {
    ResNetOptions changed = options;
    changed.*member = value;
    return vanilla(changed);
  };
  const std::pair<const char*, Network> others[] = {
      {"family", balanced(options)},
      {"width", with(&ResNetOptions::width, 11)},
      {"depth", with(&ResNetOptions::depth, 5)},
      {"inputs", with(&ResNetOptions::inputs, 3)},
      {"outputs", with(&ResNetOptions::outputs, 2)},
      {"alpha", with(&ResNetOptions::alpha, std::vector{1., 1., 1., 0.9})},
      {"lambda", with(&ResNetOptions::lambda, 0.5)},
      {"leak", with(&ResNetOptions::leak, 0.1)},
      {"branch_depth", with(&ResNetOptions::branch_depth, 2)},
      {"flip", network.with_flip(0.2)}};
  const Ensemble ensemble = simulate(network, {.samples = 100});
  for (const auto& [field, other] : others) {
    EXPECT_THAT(
        [&] { compare(ensemble, predict(other, {})); },
        ThrowsMessage<std::invalid_argument>(HasSubstr(std::string("its ") + field + " is not the ensemble's")));
  }
  EXPECT_THAT(
      [&] {
        compare(ensemble, predict(network, Input({0.6, 0.8})));
      },
      ThrowsMessage<std::invalid_argument>(HasSubstr("its input is not the ensemble's")));
  // The default input, spelled out.
  const std::vector<double> same = Input().values(network);
  EXPECT_NO_THROW(compare(ensemble, predict(network, Input(same))));
}

// A network that is dead exceeds nothing.
TEST(TailComparison, HasAProbabilityByEveryLaw) {
  const Network network = fully_connected({.width = 2, .depth = 3});
  Tail tail = tail_probability(network, {.threshold = 3, .samples = 40'000});
  const TailComparison comparison = compare(tail);
  const std::vector<NamedLaw> expected = laws(network);
  ASSERT_EQ(comparison.predicted.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(comparison.predicted[i].kind.key, expected[i].kind.key);
    const Law& law = expected[i].law;
    const double of_living = law.output().log_square().survival(2 * std::log(3));
    EXPECT_NEAR(comparison.predicted[i].probability, (1 - law.dead_probability()) * of_living, 1e-12);
  }
}

}  // namespace
}  // namespace initlaw
