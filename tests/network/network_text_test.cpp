#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <ostream>
#include <stdexcept>

#include "initlaw/network.hpp"
#include "network/generated_networks.hpp"
#include "support/name_of.hpp"

namespace initlaw {
namespace {

using ::testing::AllOf;
using ::testing::AllOfArray;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;

RC_GTEST_PROP(NetworkText, AnyNetworkComesBackFromJson, ()) {
  const Network network = testing::any_network();
  RC_ASSERT(network_from_json(to_json(network)) == network);
}

RC_GTEST_PROP(NetworkText, AnyNetworkComesBackFromToml, ()) {
  const Network network = testing::any_network();
  RC_ASSERT(network_from_toml(to_toml(network)) == network);
}

TEST(NetworkText, KeepsEveryDigit) {
  using Limits = std::numeric_limits<double>;
  const std::vector<double> hard = {0.1 + 0.2,     1.0 / 3,        1 + Limits::epsilon(), -9007199254740993e3,
                                    Limits::max(), -Limits::min(), Limits::denorm_min(),  1e22};
  const Network network = vanilla({.width = 10, .depth = hard.size(), .alpha = hard, .lambda = hard});
  EXPECT_EQ(network_from_json(to_json(network)).alphas().values(), hard);
  EXPECT_EQ(network_from_toml(to_toml(network)).alphas().values(), hard);
}

TEST(NetworkText, TellsOneLayersScheduleFromAConstant) {
  const Network network = vanilla({.width = 10, .depth = 1, .alpha = std::vector<double>{0.5}});
  EXPECT_EQ(network_from_json(to_json(network)), network);
  EXPECT_EQ(network_from_toml(to_toml(network)), network);
}

TEST(NetworkText, IsAsDocumented) {
  const Network network = stable({.width = 10, .depth = 4, .residual_scale = 2, .inputs = 3, .leak = 0.5});
  EXPECT_EQ(to_json(network),
            R"({"family":"stable","width":10,"depth":4,"inputs":3,"outputs":1,"alpha":1.0,"lambda":2.0,"leak":0.5,)"
            R"("flip":0.0,"branch_depth":1})");
  EXPECT_EQ(to_toml(network),
            "family = \"stable\"\nwidth = 10\ndepth = 4\ninputs = 3\noutputs = 1\nalpha = 1.0\nlambda = 2.0\n"
            "leak = 0.5\nflip = 0.0\nbranch_depth = 1\n");
}

TEST(NetworkText, ReadsAHandWrittenToml) {
  EXPECT_EQ(network_from_toml("# a ResNet\n"
                              "family = 'vanilla'\n"
                              "width  = 1_000\n"
                              "depth  = 3\n"
                              "alpha  = [ 1, 0.5,\n"
                              "           0.25 ]  # one a layer\n"),
            vanilla({.width = 1000, .depth = 3, .alpha = std::vector<double>{1, 0.5, 0.25}}));
}

/// A text that describes no network, and what the message must name.
struct WrongText {
  const char* name;
  const char* text;
  std::vector<const char*> named;
};

std::ostream& operator<<(std::ostream& out, const WrongText& wrong) { return out << wrong.text; }

auto refusal(const WrongText& wrong) {
  std::vector<::testing::Matcher<const std::string&>> parts;
  for (const char* named : wrong.named) parts.emplace_back(HasSubstr(named));
  return ThrowsMessage<std::invalid_argument>(AllOf(AllOfArray(parts), Not(HasSubstr("\n"))));
}

class WrongToml : public ::testing::TestWithParam<WrongText> {};

TEST_P(WrongToml, IsRefusedByLine) {
  EXPECT_THAT([] { network_from_toml(GetParam().text); }, refusal(GetParam()));
}

#define VANILLA_TOML "family = 'vanilla'\nwidth = 10\ndepth = 2\n"

INSTANTIATE_TEST_SUITE_P(
    NetworkText, WrongToml,
    ::testing::Values(
        WrongText{"Empty", "", {"family", "missing"}}, WrongText{"Syntax", "family = 'vanilla'\nwidth =\n", {"line 2"}},
        WrongText{"Unterminated", "family = 'vanilla\nwidth = 10\n", {"line 1"}},
        WrongText{"Utf8", "family = 'van\xffilla'\n", {"line 1"}},
        WrongText{"DuplicateKey", VANILLA_TOML "width = 11\n", {"line 4", "width"}},
        WrongText{"UnknownKey", VANILLA_TOML "height = 3\n", {"line 4", "height"}},
        WrongText{"UnknownTable", VANILLA_TOML "[more]\nflip = 0\n", {"line 4", "more"}},
        WrongText{"WrongType", "family = 'vanilla'\nwidth = 'ten'\ndepth = 2\n", {"line 2", "width", "ten"}},
        WrongText{"Date", "family = 'vanilla'\nwidth = 10\ndepth = 1979-05-27\n", {"line 3", "depth", "1979-05-27"}},
        WrongText{"OutOfRange", "family = 'vanilla'\nwidth = 10\ndepth = 0\n", {"line 3", "depth", "[1, 10^12]"}},
        WrongText{"Nan", VANILLA_TOML "alpha = nan\n", {"line 4", "alpha", "nan", "finite"}},
        WrongText{"Infinity", VANILLA_TOML "lambda = [1, -inf]\n", {"line 4", "lambda", "-inf", "layer 2"}},
        WrongText{
            "ScheduleTooShort", VANILLA_TOML "\nalpha = [\n  1.0]\n", {"line 5", "alpha", "has 1", "must have 2"}},
        WrongText{"IntegerNoWordHolds", "family = 'vanilla'\nwidth = 99999999999999999999\n", {"line 2"}}),
    support::name_of);

/// `count` pieces in a row.
std::string repeated(const std::string& piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(NetworkText, RefusesDeepNestingOfAnyKind) {
  constexpr std::size_t kMany = 100'000;
  const std::string many_keys = repeated("a.", kMany) + "a";
  const std::string tomls[] = {
      many_keys + " = 1\n",
      repeated("a . ", kMany) + "a = 1\n",
      repeated("'='.\"\\\",#\".", kMany) + "a = 1\n",
      "[" + many_keys + "]\n",
      "[[" + many_keys + "]]\n",
      "x = {" + many_keys + " = 1}\n",
      "x = " + repeated("{" + repeated("a.", 100) + "a = ", kMany / 100) + "1" + repeated("}", kMany / 100) + "\n",
      "x = " + repeated("[", kMany) + repeated("]", kMany) + "\n",
      "x = " + repeated("[\n", kMany),
      "x = " + repeated("{a = ", kMany),
      "# isn't\ny = \"\"\"\n'\"\"\"\n" + many_keys + " = 1\n"};
  for (const std::string& toml : tomls) {
    EXPECT_THAT([&] { network_from_toml(toml); },
                ThrowsMessage<std::invalid_argument>(AllOf(HasSubstr("line "), HasSubstr("nested"))))
        << toml.substr(0, 40);
  }
  for (const std::string& json :
       {repeated("[", kMany), repeated("[", kMany) + repeated("]", kMany), repeated("{\"a\":", kMany),
        "{\"width\": " + repeated("[", kMany) + repeated("]", kMany) + "}"}) {
    EXPECT_THAT([&] { network_from_json(json); }, ThrowsMessage<std::invalid_argument>(HasSubstr("nested")))
        << json.substr(0, 40);
  }
}

TEST(NetworkText, TakesManyDotsThatNestNothing) {
  std::string schedule = "0.5";
  for (int l = 1; l < 1000; ++l) schedule += l % 2 == 0 ? ",0.5" : " , \n0.25 # ....................................\n";
  const std::string toml =
      "family = \"vanilla\" # a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t\nwidth = 10\ndepth = 1000\n"
      "alpha = [" +
      schedule + "\n]\n";
  EXPECT_EQ(network_from_toml(toml).alphas().values().size(), 1000);
  EXPECT_THAT([] { network_from_toml("family = 'a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t'\n"); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("is not one of")));
}

class WrongJson : public ::testing::TestWithParam<WrongText> {};

TEST_P(WrongJson, IsRefused) {
  EXPECT_THAT([] { network_from_json(GetParam().text); }, refusal(GetParam()));
}

#define VANILLA_JSON R"("family": "vanilla", "width": 10, "depth": 2)"

INSTANTIATE_TEST_SUITE_P(
    NetworkText, WrongJson,
    ::testing::Values(WrongText{"Empty", "", {"JSON", "line 1"}},
                      WrongText{"Syntax", "{" VANILLA_JSON ",\n\"alpha\": }", {"JSON", "line 2"}},
                      WrongText{"Truncated", "{" VANILLA_JSON, {"JSON", "line 1"}},
                      WrongText{"TextAfterIt", "{" VANILLA_JSON "} and more", {"JSON", "line 1"}},
                      WrongText{"Utf8", "{\"family\": \"van\xffilla\"}", {"JSON", "line 1"}},
                      WrongText{"NotAnObject", "3", {"network", "table of keys"}},
                      WrongText{"DuplicateKey", "{" VANILLA_JSON ", \"width\": 11}", {"width"}},
                      WrongText{"UnknownKey", "{" VANILLA_JSON ", \"height\": 3}", {"height"}},
                      WrongText{"WrongType", "{" VANILLA_JSON ", \"leak\": \"none\"}", {"leak", "none"}},
                      WrongText{"NumberNoDoubleHolds", "{" VANILLA_JSON ", \"alpha\": 1e999}", {"1e999"}},
                      WrongText{"OutOfRange", "{" VANILLA_JSON ", \"flip\": 1.5}", {"flip", "1.5", "[0, 1]"}}),
    support::name_of);

}  // namespace
}  // namespace initlaw
