// SPDX-License-Identifier: MIT
// The battery is the same whenever it is computed, and another where arithmetic is another.
#include "engine/arithmetic.h"

#include <gtest/gtest.h>

#include <cfenv>

#include "base/floating_point.h"

namespace descent {
namespace {

TEST(Arithmetic, IsTheSameEveryTime) {
  const auto first = engine::arithmetic();
  EXPECT_EQ(first.size(), 32u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(engine::arithmetic(), first);
}

TEST(Arithmetic, DoesNotDependOnWhatTheCallerRoundsTo) {
  const auto standard = engine::arithmetic();
  const KeepFloatingPoint keep;
  std::fesetround(FE_UPWARD);
  EXPECT_EQ(engine::arithmetic(), standard);
  EXPECT_EQ(std::fegetround(), FE_UPWARD) << "the caller's is restored";
}

}  // namespace
}  // namespace descent
