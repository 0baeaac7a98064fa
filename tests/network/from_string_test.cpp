#include "network/from_string.hpp"

#include <gmock/gmock.h>

#include <set>

#include "initlaw/initlaw.hpp"

namespace initlaw {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

template <typename Enum>
class NamesOf : public testing::Test {};
using Enums = testing::Types<Family, Method, Precision, Estimator, OutputDirection, Verdict>;
TYPED_TEST_SUITE(NamesOf, Enums);

TYPED_TEST(NamesOf, AreReadAsTheValuesThatHaveThem) {
  std::set<std::string_view> names;
  for (const auto& [value, name] : kNames<TypeParam>) {
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(from_string<TypeParam>("field", name), value);
    EXPECT_EQ(from_string<TypeParam>("field", to_string(value)), value);
    EXPECT_EQ(from_json<TypeParam>("field", std::string(name)), value);
  }
}

TYPED_TEST(NamesOf, AreListedWhereATextIsNone) {
  for (const std::string_view text : {"", "magic", "a\nb", "\xff"}) {
    try {
      from_string<TypeParam>("field", text);
      FAIL() << text;
    } catch (const FieldError& error) {
      EXPECT_EQ(error.field(), "field");
      EXPECT_THAT(error.what(), AllOf(HasSubstr("field: \""), Not(HasSubstr("\n"))));
      for (const auto& [value, name] : kNames<TypeParam>) EXPECT_THAT(error.what(), HasSubstr(to_string(value)));
    }
  }
}

TEST(FromJson, RefusesWhatIsNoText) {
  for (const auto& value : {nlohmann::ordered_json(1), nlohmann::ordered_json(), nlohmann::ordered_json({"fast"})})
    EXPECT_THAT([&] { from_json<Method>("method", value); }, ThrowsMessage<FieldError>(HasSubstr("fast, dense")));
}

TEST(Estimator, IsReadByItsFormerNameAndWrittenByItsPresentOne) {
  EXPECT_EQ(from_string<Estimator>("estimator", "paired"), Estimator::kAntithetic);
  EXPECT_EQ(to_string(Estimator::kAntithetic), "antithetic");
  EXPECT_THAT([] { from_string<Estimator>("estimator", "odd"); },
              ThrowsMessage<FieldError>(AllOf(HasSubstr("plain, antithetic"), Not(HasSubstr("paired")))));
}

}  // namespace
}  // namespace initlaw
