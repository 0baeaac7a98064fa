#include "random/xoshiro.hpp"

#include <gtest/gtest.h>

namespace initlaw {
namespace {

// Known answers: of the Rust project rand_xoshiro's tests, of PHP's tests (ext/random/tests), and of the Fortran
// project xoshiro-fortran's, all of which took them from the reference implementations in C.

TEST(Xoshiro, GivesThePublishedAnswersOf32Bits) {
  XoshiroState<std::uint32_t> state{1, 2, 3, 4};
  for (const std::uint32_t word : {641u, 1573767u, 3222811527u, 3517856514u, 836907274u, 4247214768u, 3867114732u,
                                   1355841295u, 495546011u, 621204420u}) {
    EXPECT_EQ(xoshiro_next(state), word);
  }
  for (int i = 10; i < 102'400; ++i) xoshiro_next(state);
  EXPECT_EQ(xoshiro_next(state), 0x2c873cfa);
}

TEST(Xoshiro, GivesThePublishedAnswersOf64Bits) {
  XoshiroState<std::uint64_t> state{0, 0, 0, 1};
  for (const std::uint64_t word :
       {std::uint64_t{0x0000000000800000}, std::uint64_t{0x0000000000800011}, std::uint64_t{0x0002200000800011},
        std::uint64_t{0x0002200044000020}, std::uint64_t{0x00022000448008A1}, std::uint64_t{0x01102100802208A0},
        std::uint64_t{0x0114002284200880}, std::uint64_t{0x0402896644A64095}, std::uint64_t{0x8A14A0A244ACC891},
        std::uint64_t{0x8C88BA4680B20495}}) {
    EXPECT_EQ(xoshiro_next(state), word);
  }
}

TEST(Xoshiro, StartsWhereTheSamplesOwnPhiloxWordsSay) {
  EXPECT_EQ(xoshiro_start<std::uint32_t>(7, 3, Purpose::kFastFloatFlips),
            philox4x32(philox_counter(3, Purpose::kFastFloatFlips, 0), 7));
  const auto wide = xoshiro_start<std::uint64_t>(7, 3, Purpose::kFastFloatNormals);
  const auto second = philox4x32(philox_counter(3, Purpose::kFastFloatNormals, 1), 7);
  EXPECT_EQ(wide[3], (std::uint64_t{second[2]} << 32) | second[3]);
}

}  // namespace
}  // namespace initlaw
