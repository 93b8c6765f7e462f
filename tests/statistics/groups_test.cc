// SPDX-License-Identifier: MIT
#include "statistics/groups.h"

#include <gtest/gtest.h>

namespace descent {
namespace {

TEST(Groups, AreSingleReplicatesUpToOneHundred) {
  for (std::uint64_t r : {1u, 7u, 100u}) {
    const auto groups = statistics::groups_of(r);
    ASSERT_EQ(groups.size(), r);
    for (std::uint64_t g = 0; g < r; ++g) EXPECT_EQ(groups[g], (statistics::ReplicateRange{g, 1}));
  }
}

TEST(Groups, CoverEveryReplicateOnceInOrderAndDifferByAtMostOne) {
  for (std::uint64_t r : {101u, 150u, 199u, 200u, 1000u, 12345u}) {
    const auto groups = statistics::groups_of(r);
    ASSERT_EQ(groups.size(), 100u);
    std::uint64_t next = 0;
    for (const auto& group : groups) {
      EXPECT_EQ(group.first, next);
      EXPECT_GE(group.count, r / 100);
      EXPECT_LE(group.count, (r + 99) / 100);
      next += group.count;
    }
    EXPECT_EQ(next, r);
  }
}

TEST(Groups, OfNothingAreNone) { EXPECT_TRUE(statistics::groups_of(0).empty()); }

}  // namespace
}  // namespace descent
