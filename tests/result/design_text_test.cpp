#include <fmt/core.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "result/json.hpp"
#include "result/text.hpp"

namespace initlaw {
namespace {

using ::testing::HasSubstr;

Network standard(std::size_t width, std::size_t depth, std::size_t outputs = 1) {
  return vanilla({.width = width, .depth = depth, .outputs = outputs});
}

TEST(DesignText, GivesTheAnswerItsNeighboursAndItsLaw) {
  const Design found = design(standard(1, 20, 100), Parameter::kWidth, Target::variance(0.5), {}, {1, 1000});
  const std::string text = to_text(found);
  const int width = static_cast<int>(found.found->value);
  EXPECT_THAT(text, HasSubstr("Target    variance of ln||z_out||^2 at most 0.5\n"));
  EXPECT_THAT(text, HasSubstr(fmt::format("The target is met where width is {} or more", width)));
  EXPECT_THAT(text, HasSubstr(fmt::format("\n{}", width - 1)));
  EXPECT_THAT(text, HasSubstr("   found   finite-width\n"));
  EXPECT_THAT(text, HasSubstr("No probability of its law is off by more than 0.00"));
}

TEST(DesignText, SaysWhatIsImpossibleAndWhy) {
  const auto impossible = [](const Network& network, Parameter parameter, const Target& target, const Range& range) {
    return to_text(design(network, parameter, target, {}, range));
  };
  EXPECT_THAT(
      impossible(standard(1, 20, 10), Parameter::kWidth, Target::variance(0.2), {1e5, 1e6}),
      HasSubstr("Impossible at any width: at infinite width it is 0.221323, above the target (the variance of ln "
                "chi^2 with 10 degrees of freedom"));
  EXPECT_THAT(impossible(standard(4, 1), Parameter::kDepth, Target::variance(5), {1, 20}),
              HasSubstr("Impossible in this range: the least is "));
  EXPECT_THAT(impossible(standard(1, 100'000), Parameter::kWidth, Target::ks_to_gaussian(1e-3), {5e5, 1e6}),
              HasSubstr("a larger one meets the target"));
  EXPECT_THAT(impossible(standard(64, 1), Parameter::kDepth, Target::quantile_ratio(20), {1, 9}),
              HasSubstr("that of the size of a Gaussian number"));
}

TEST(DesignText, SaysWhereALawDoesNotVouchForTheAnswer) {
  EXPECT_THAT(to_text(design(standard(2, 1), Parameter::kDepth, Target::variance(20), {}, {1, 9})),
              HasSubstr("No law is known to hold"));
  EXPECT_THAT(to_text(design(standard(100, 1), Parameter::kDepth, Target::overflow(50, 1e-8), {}, {1, 99})),
              HasSubstr("which vouches for no risk as small as this"));
  EXPECT_THAT(
      to_text(design(fully_connected({.width = 30, .depth = 1}), Parameter::kDepth, Target::variance(7), {}, {1, 99})),
      HasSubstr("Its law is exact.\n"));
}

TEST(DesignText, SaysWhatASimulationSays) {
  const auto text_of = [](const Estimate& simulated, DesignVerdict verdict) {
    return to_text(Verification{
        .target = Target::variance(0.5), .options = {}, .samples = 1000, .simulated = simulated, .verdict = verdict});
  };
  EXPECT_EQ(text_of({0.5, 0.01}, DesignVerdict::kConfirmed),
            "Simulated 0.500 ± 0.010 in 1000 networks, seed 1: confirmed.\n");
  EXPECT_THAT(text_of({0.51, 0.001}, DesignVerdict::kClose), HasSubstr("close; it is 2% above the target.\n"));
  EXPECT_THAT(text_of({1, 0.001}, DesignVerdict::kRefuted), HasSubstr("refuted; the target is 0.5.\n"));
  EXPECT_THAT(text_of({0.5, 1}, DesignVerdict::kUndecided), HasSubstr("undecided"));
}

TEST(DesignJson, HasTheNumbers) {
  const Design found = design(standard(50, 1), Parameter::kDepth, Target::underflow(1e-3, 0.01), {}, {1, 999});
  const auto document = to_document(found);
  EXPECT_EQ(network_from_json(document["network"].dump()), found.network);
  EXPECT_EQ(document["find"], "depth");
  EXPECT_EQ(document["target"]["quantity"], "underflow");
  EXPECT_EQ(document["target"]["limit"], 1e-3);
  EXPECT_EQ(document["target"]["at_most"], 0.01);
  EXPECT_EQ(document["searched"]["to"], 999);
  EXPECT_EQ(document["met"][0]["to"], found.found->value);
  EXPECT_EQ(document["found"]["value"], found.found->value);
  EXPECT_EQ(document["found"]["met"], true);
  EXPECT_EQ(document["points"].size(), found.points.size());
  EXPECT_EQ(document["at_infinite_width"], found.at_infinite_width);
  EXPECT_TRUE(
      to_document(design(standard(1, 9), Parameter::kWidth, Target::variance(1), {}, {1, 9}))["found"].is_null());
}

}  // namespace
}  // namespace initlaw
