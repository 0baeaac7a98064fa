#include "network/network_document.hpp"

#include <gmock/gmock.h>

#include <ostream>
#include <stdexcept>

#include "network/field_error.hpp"

namespace initlaw {
namespace {

using ::testing::AllOfArray;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

using Json = nlohmann::ordered_json;

TEST(NetworkDocument, HasEveryKeyInTheDocumentedOrder) {
  const Json document = network_document(vanilla({.width = 10, .depth = 5}));
  std::vector<std::string> keys;
  for (const auto& [key, value] : document.items()) keys.push_back(key);
  EXPECT_THAT(keys, ElementsAre("family", "width", "depth", "inputs", "outputs", "alpha", "lambda", "leak", "flip",
                                "branch_depth"));
}

TEST(NetworkDocument, HasANumberOrOneForEachLayer) {
  const Json document = network_document(vanilla({.width = 10, .depth = 2, .alpha = std::vector<double>{0.5, 1}}));
  EXPECT_EQ(document["alpha"], Json({0.5, 1.0}));
  EXPECT_EQ(document["lambda"], Json(kStandardScale));
  EXPECT_EQ(document["width"], Json(10));
  const Json fully = network_document(fully_connected({.width = std::vector<std::size_t>{3, 4}, .depth = 1}));
  EXPECT_EQ(fully["width"], Json({3, 4}));
}

TEST(NetworkDocument, OfAStableResNetHoldsTheUndividedResidualScale) {
  const Json document = network_document(stable({.width = 10, .depth = 16, .residual_scale = 3}));
  EXPECT_EQ(document["lambda"], Json(3.0));
  EXPECT_EQ(network_from_document(document).lambda(1), 0.75);
}

TEST(NetworkFromDocument, NeedsOnlyFamilyWidthAndDepth) {
  const auto network = [](const char* family) {
    return network_from_document({{"family", family}, {"width", 10}, {"depth", 5}});
  };
  EXPECT_EQ(network("fully-connected"), fully_connected({.width = 10, .depth = 5}));
  EXPECT_EQ(network("vanilla"), vanilla({.width = 10, .depth = 5}));
  EXPECT_EQ(network("balanced"), balanced({.width = 10, .depth = 5}));
  EXPECT_EQ(network("stable"), stable({.width = 10, .depth = 5}));
}

TEST(NetworkFromDocument, AcceptsWholeNumbersForRealOnes) {
  const Network network =
      network_from_document({{"family", "vanilla"}, {"width", 10}, {"depth", 2}, {"alpha", 1}, {"lambda", {1, 0.5}}});
  EXPECT_EQ(network, vanilla({.width = 10, .depth = 2, .alpha = 1.0, .lambda = std::vector<double>{1, 0.5}}));
}

TEST(NetworkFromDocument, AcceptsTheValuesThatTheFamilyFixes) {
  EXPECT_EQ(network_from_document(network_document(fully_connected({.width = 10, .depth = 5}))),
            fully_connected({.width = 10, .depth = 5}));
  EXPECT_EQ(network_from_document(network_document(balanced({.width = 10, .depth = 5}))),
            balanced({.width = 10, .depth = 5}));
}

TEST(NetworkFromDocument, NamesTheFieldOfTheError) {
  try {
    network_from_document({{"family", "vanilla"}, {"width", 10}, {"depth", 0}});
    FAIL();
  } catch (const FieldError& error) {
    EXPECT_EQ(error.field(), "depth");
  }
}

/// A document that describes no network, and what the message must name.
struct Wrong {
  const char* name;
  const char* document;
  std::vector<const char*> named;
};

std::ostream& operator<<(std::ostream& out, const Wrong& wrong) { return out << wrong.document; }

std::string name_of(const ::testing::TestParamInfo<Wrong>& info) { return info.param.name; }

class WrongDocument : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongDocument, IsRefusedByKeyAndValue) {
  std::vector<::testing::Matcher<const std::string&>> parts;
  for (const char* named : GetParam().named) parts.emplace_back(HasSubstr(named));
  EXPECT_THAT([] { network_from_document(Json::parse(GetParam().document)); },
              ThrowsMessage<std::invalid_argument>(AllOfArray(parts)));
}

#define VANILLA R"("family": "vanilla", "width": 10, "depth": 2)"

INSTANTIATE_TEST_SUITE_P(
    NetworkFromDocument, WrongDocument,
    ::testing::Values(
        Wrong{"NoObject", "[1, 2]", {"network", "not a table of keys"}},
        Wrong{"NoFamily", R"({"width": 10, "depth": 2})", {"family", "missing"}},
        Wrong{"NoWidth", R"({"family": "vanilla", "depth": 2})", {"width", "missing"}},
        Wrong{"NoDepth", R"({"family": "vanilla", "width": 10})", {"depth", "missing"}},
        Wrong{"UnknownKey", "{" VANILLA R"(, "height": 3})", {"height", "family, width, depth"}},
        Wrong{"UnknownFamily",
              R"({"family": "chocolate", "width": 10, "depth": 2})",
              {"family", "chocolate", "fully-connected, vanilla, balanced, stable"}},
        Wrong{"FamilyANumber", R"({"family": 1, "width": 10, "depth": 2})", {"family", "1", "vanilla"}},
        Wrong{"WidthText", R"({"family": "vanilla", "width": "ten", "depth": 2})", {"width", "ten", "whole number"}},
        Wrong{
            "WidthAFraction", R"({"family": "vanilla", "width": 10.5, "depth": 2})", {"width", "10.5", "whole number"}},
        Wrong{"WidthNegative", R"({"family": "vanilla", "width": -3, "depth": 2})", {"width", "-3", "[1, 10^12]"}},
        Wrong{"WidthsOfAResNet",
              R"({"family": "vanilla", "width": [3, 3, 3], "depth": 2})",
              {"width", "list", "vanilla"}},
        Wrong{"WidthsOfAStableResNet",
              R"({"family": "stable", "width": [3, 3, 3], "depth": 2})",
              {"width", "list", "stable"}},
        Wrong{"WidthsTooShort",
              R"({"family": "fully-connected", "width": [3, 4], "depth": 2})",
              {"width", "has 2", "must have 3"}},
        Wrong{"AWidthIsText",
              R"({"family": "fully-connected", "width": [3, "four", 5], "depth": 2})",
              {"width", "four", "whole number"}},
        Wrong{"DepthAList", R"({"family": "vanilla", "width": 10, "depth": [2]})", {"depth", "[2]", "whole number"}},
        Wrong{
            "DepthABoolean", R"({"family": "vanilla", "width": 10, "depth": true})", {"depth", "true", "whole number"}},
        Wrong{"InputsZero", "{" VANILLA R"(, "inputs": 0})", {"inputs", "0", "[1, 10^12]"}},
        Wrong{"OutputsNull", "{" VANILLA R"(, "outputs": null})", {"outputs", "null", "whole number"}},
        Wrong{"AlphaText", "{" VANILLA R"(, "alpha": "half"})", {"alpha", "half", "not a number"}},
        Wrong{"AlphaOfLists", "{" VANILLA R"(, "alpha": [[1, 1]]})", {"alpha", "[1,1]", "not a number"}},
        Wrong{"AlphaTooLong", "{" VANILLA R"(, "alpha": [1, 1, 1]})", {"alpha", "has 3", "must have 2"}},
        Wrong{"LambdaEmpty", "{" VANILLA R"(, "lambda": []})", {"lambda", "has 0", "must have 2"}},
        Wrong{"LambdasOfAStableResNet",
              R"({"family": "stable", "width": 10, "depth": 2, "lambda": [1, 1]})",
              {"lambda", "[1,1]", "not a number"}},
        Wrong{"AlphaOfAStableResNet",
              R"({"family": "stable", "width": 10, "depth": 2, "alpha": 0.5})",
              {"alpha", "0.5", "stable", "1"}},
        Wrong{"AlphaOfAFullyConnectedNetwork",
              R"({"family": "fully-connected", "width": 10, "depth": 2, "alpha": 1})",
              {"alpha", "1", "fully-connected", "0"}},
        Wrong{"LambdasOfAFullyConnectedNetwork",
              R"({"family": "fully-connected", "width": 10, "depth": 2, "lambda": [1, 1]})",
              {"lambda", "[1,1]", "fully-connected"}},
        Wrong{"BranchDepthOfAFullyConnectedNetwork",
              R"({"family": "fully-connected", "width": 10, "depth": 2, "branch_depth": 2})",
              {"branch_depth", "2", "fully-connected", "1"}},
        Wrong{"FlipOfAFullyConnectedNetwork",
              R"({"family": "fully-connected", "width": 10, "depth": 2, "flip": 0.5})",
              {"flip", "0.5", "fully-connected"}},
        Wrong{"FlipOfABalancedResNet",
              R"({"family": "balanced", "width": 10, "depth": 2, "flip": 0.25})",
              {"flip", "0.25", "balanced", "0.5"}},
        Wrong{"FlipTooLarge", "{" VANILLA R"(, "flip": 2})", {"flip", "2", "[0, 1]"}},
        Wrong{"LeakTooLarge", "{" VANILLA R"(, "leak": -1.25})", {"leak", "-1.25", "[-1, 1]"}},
        Wrong{"LeakAList", "{" VANILLA R"(, "leak": [0, 0]})", {"leak", "[0,0]", "not a number"}}),
    name_of);

}  // namespace
}  // namespace initlaw
