#include "network/network_document.hpp"

#include <gmock/gmock.h>

#include <ostream>
#include <stdexcept>

#include "network/field_error.hpp"
#include "support/name_of.hpp"

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
struct WrongTable {
  const char* name;
  const char* document;
  std::vector<const char*> named;
};

std::ostream& operator<<(std::ostream& out, const WrongTable& wrong) { return out << wrong.document; }

class WrongDocument : public ::testing::TestWithParam<WrongTable> {};

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
        WrongTable{"NoObject", "[1, 2]", {"network", "not a table of keys"}},
        WrongTable{"NoFamily", R"({"width": 10, "depth": 2})", {"family", "missing"}},
        WrongTable{"NoWidth", R"({"family": "vanilla", "depth": 2})", {"width", "missing"}},
        WrongTable{"NoDepth", R"({"family": "vanilla", "width": 10})", {"depth", "missing"}},
        WrongTable{"UnknownKey", "{" VANILLA R"(, "height": 3})", {"height", "family, width, depth"}},
        WrongTable{"UnknownFamily",
                   R"({"family": "chocolate", "width": 10, "depth": 2})",
                   {"family", "chocolate", "fully-connected, vanilla, balanced, stable"}},
        WrongTable{"FamilyANumber", R"({"family": 1, "width": 10, "depth": 2})", {"family", "1", "vanilla"}},
        WrongTable{
            "WidthText", R"({"family": "vanilla", "width": "ten", "depth": 2})", {"width", "ten", "whole number"}},
        WrongTable{
            "WidthAFraction", R"({"family": "vanilla", "width": 10.5, "depth": 2})", {"width", "10.5", "whole number"}},
        WrongTable{"WidthNegative", R"({"family": "vanilla", "width": -3, "depth": 2})", {"width", "-3", "[1, 10^12]"}},
        WrongTable{"WidthsOfAResNet",
                   R"({"family": "vanilla", "width": [3, 3, 3], "depth": 2})",
                   {"width", "list", "vanilla"}},
        WrongTable{"WidthsOfAStableResNet",
                   R"({"family": "stable", "width": [3, 3, 3], "depth": 2})",
                   {"width", "list", "stable"}},
        WrongTable{"WidthsTooShort",
                   R"({"family": "fully-connected", "width": [3, 4], "depth": 2})",
                   {"width", "has 2", "must have 3"}},
        WrongTable{"AWidthIsText",
                   R"({"family": "fully-connected", "width": [3, "four", 5], "depth": 2})",
                   {"width", "four", "whole number"}},
        WrongTable{
            "DepthAList", R"({"family": "vanilla", "width": 10, "depth": [2]})", {"depth", "[2]", "whole number"}},
        WrongTable{
            "DepthABoolean", R"({"family": "vanilla", "width": 10, "depth": true})", {"depth", "true", "whole number"}},
        WrongTable{"InputsZero", "{" VANILLA R"(, "inputs": 0})", {"inputs", "0", "[1, 10^12]"}},
        WrongTable{"OutputsNull", "{" VANILLA R"(, "outputs": null})", {"outputs", "null", "whole number"}},
        WrongTable{"AlphaText", "{" VANILLA R"(, "alpha": "half"})", {"alpha", "half", "not a number"}},
        WrongTable{"AlphaOfLists", "{" VANILLA R"(, "alpha": [[1, 1]]})", {"alpha", "[1,1]", "not a number"}},
        WrongTable{"AlphaTooLong", "{" VANILLA R"(, "alpha": [1, 1, 1]})", {"alpha", "has 3", "must have 2"}},
        WrongTable{"LambdaEmpty", "{" VANILLA R"(, "lambda": []})", {"lambda", "has 0", "must have 2"}},
        WrongTable{"LambdasOfAStableResNet",
                   R"({"family": "stable", "width": 10, "depth": 2, "lambda": [1, 1]})",
                   {"lambda", "[1,1]", "not a number"}},
        WrongTable{"AlphaOfAStableResNet",
                   R"({"family": "stable", "width": 10, "depth": 2, "alpha": 0.5})",
                   {"alpha", "0.5", "stable", "1"}},
        WrongTable{"AlphaOfAFullyConnectedNetwork",
                   R"({"family": "fully-connected", "width": 10, "depth": 2, "alpha": 1})",
                   {"alpha", "1", "fully-connected", "0"}},
        WrongTable{"LambdasOfAFullyConnectedNetwork",
                   R"({"family": "fully-connected", "width": 10, "depth": 2, "lambda": [1, 1]})",
                   {"lambda", "[1,1]", "fully-connected"}},
        WrongTable{"BranchDepthOfAFullyConnectedNetwork",
                   R"({"family": "fully-connected", "width": 10, "depth": 2, "branch_depth": 2})",
                   {"branch_depth", "2", "fully-connected", "1"}},
        WrongTable{"FlipOfAFullyConnectedNetwork",
                   R"({"family": "fully-connected", "width": 10, "depth": 2, "flip": 0.5})",
                   {"flip", "0.5", "fully-connected"}},
        WrongTable{"FlipOfABalancedResNet",
                   R"({"family": "balanced", "width": 10, "depth": 2, "flip": 0.25})",
                   {"flip", "0.25", "balanced", "0.5"}},
        WrongTable{"FlipTooLarge", "{" VANILLA R"(, "flip": 2})", {"flip", "2", "[0, 1]"}},
        WrongTable{"LeakTooLarge", "{" VANILLA R"(, "leak": -1.25})", {"leak", "-1.25", "[-1, 1]"}},
        WrongTable{"LeakAList", "{" VANILLA R"(, "leak": [0, 0]})", {"leak", "[0,0]", "not a number"}}),
    support::name_of);

}  // namespace
}  // namespace initlaw
