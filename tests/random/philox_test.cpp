#include <Random123/philox.h>
#undef philox4x32  // a macro of Random123's

#include <gtest/gtest.h>

#include <random>

#include "random/philox.hpp"

namespace initlaw {
namespace {

using Words = std::array<std::uint32_t, 4>;

// Random123's known answers for philox4x32-10: counter, key, output.
TEST(Philox, GivesThePublishedAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, 0xffffffffffffffff),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, AgreesWithRandom123) {
  std::mt19937 words(1);
  for (int i = 0; i < 10'000; ++i) {
    const Words counter = {static_cast<std::uint32_t>(words()), static_cast<std::uint32_t>(words()),
                           static_cast<std::uint32_t>(words()), static_cast<std::uint32_t>(words())};
    const std::array key = {static_cast<std::uint32_t>(words()), static_cast<std::uint32_t>(words())};
    const auto expected =
        r123::Philox4x32_R<10>()({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
    const Words found = philox4x32(counter, key[0] | (std::uint64_t{key[1]} << 32));
    for (std::size_t j = 0; j < 4; ++j) ASSERT_EQ(found[j], expected[j]);
  }
}

TEST(PhiloxStream, NeverSharesACounter) {
  EXPECT_NE(philox_counter(1, Purpose::kFastFloatNormals, 0), philox_counter(1, Purpose::kFastFloatFlips, 0));
  EXPECT_NE(philox_counter(1, Purpose::kFastFloatNormals, std::uint64_t{1} << 32),
            philox_counter(1, Purpose::kFastFloatNormals, 0));
  EXPECT_NE(philox_counter(std::uint64_t{1} << 32, Purpose::kFastFloatNormals, 0),
            philox_counter(0, Purpose::kFastFloatNormals, 0));
}

TEST(PhiloxStream, IsAFunctionOfSeedSampleAndPurpose) {
  PhiloxStream stream(7, 3, Purpose::kFastFloatFlips);
  stream.next();
  EXPECT_EQ(stream.next(), philox4x32(philox_counter(3, Purpose::kFastFloatFlips, 1), 7));
}

}  // namespace
}  // namespace initlaw
