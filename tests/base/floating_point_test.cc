// SPDX-License-Identifier: MIT
// What is noticed of the floating-point environment, and that it is restored.
#include "base/floating_point.h"

#include <gtest/gtest.h>

#include <limits>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace descent {
namespace {

TEST(FloatingPoint, OfAProgramIsAsItShouldBe) { EXPECT_EQ(floating_point_deviation(), ""); }

TEST(FloatingPoint, ThatRoundsElsewhereIsNoticed) {
  const KeepFloatingPoint keep;
  std::fesetround(FE_UPWARD);
  EXPECT_EQ(floating_point_deviation(), "rounding is upward");
  std::fesetround(FE_TOWARDZERO);
  EXPECT_EQ(floating_point_deviation(), "rounding is toward zero");
  EXPECT_EQ(std::fegetround(), FE_TOWARDZERO) << "it is only looked at";
}

TEST(FloatingPoint, IsRestoredAtTheEndOfAScope) {
  {
    const KeepFloatingPoint keep;
    std::fesetround(FE_DOWNWARD);
  }
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

TEST(FloatingPoint, BecomesStandard) {
  const KeepFloatingPoint keep;
  std::fesetround(FE_DOWNWARD);
  set_standard_floating_point();
  EXPECT_EQ(floating_point_deviation(), "");
}

#if defined(__x86_64__)
// Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, 10.2.3: bit 15 of MXCSR
// flushes results to zero, bit 6 takes denormal operands for zero.
TEST(FloatingPoint, WithoutDenormalNumbersIsNoticed) {
  for (const unsigned bit : {1u << 15, 1u << 6}) {
    const KeepFloatingPoint keep;
    _mm_setcsr(_mm_getcsr() | bit);
    EXPECT_EQ(floating_point_deviation(), "denormal numbers become zero");
    set_standard_floating_point();
    EXPECT_EQ(floating_point_deviation(), "");
  }
}

// The same, 8.1.5: bits 8 and 9 of the control word are the precision; 2 is that of a double.
TEST(FloatingPoint, WithShorterLongDoublesIsNoticed) {
  const KeepFloatingPoint keep;
  unsigned short control = 0;
  asm volatile("fnstcw %0" : "=m"(control));
  const auto shorter = static_cast<unsigned short>((control & ~0x300) | 0x200);
  asm volatile("fldcw %0" : : "m"(shorter));
  EXPECT_EQ(floating_point_deviation(), "long double has fewer digits");
  set_standard_floating_point();
  EXPECT_EQ(floating_point_deviation(), "");
}
#endif

}  // namespace
}  // namespace descent
