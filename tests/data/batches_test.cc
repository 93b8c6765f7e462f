// SPDX-License-Identifier: MIT
// Mini-batches: cover, order, streams.
#include "data/batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "allocations.h"

namespace descent {
namespace {

std::vector<std::uint64_t> epoch(const data::Batches& batches) {
  std::vector<std::uint64_t> order;
  for (std::uint64_t i = 0; i < batches.count(); ++i)
    order.insert(order.end(), batches.batch(i).begin(), batches.batch(i).end());
  return order;
}

std::vector<std::uint64_t> counting(std::uint64_t n) {
  std::vector<std::uint64_t> all(n);
  std::iota(all.begin(), all.end(), std::uint64_t{0});
  return all;
}

TEST(Batches, CoverEverySampleOnceAnEpoch) {
  for (const std::uint64_t size : {1, 3, 10, 32, 99, 100}) {
    data::Batches batches(100, size, Random(1, "order"));
    for (int e = 0; e < 5; ++e) {
      batches.next_epoch();
      auto order = epoch(batches);
      std::ranges::sort(order);
      EXPECT_EQ(order, counting(100)) << "batch " << size;
    }
  }
}

TEST(Batches, KeepAShorterLastBatch) {
  data::Batches batches(10, 4, Random(1, "order"));
  ASSERT_EQ(batches.count(), 3u);
  EXPECT_EQ(batches.batch(0).size(), 4u);
  EXPECT_EQ(batches.batch(1).size(), 4u);
  EXPECT_EQ(batches.batch(2).size(), 2u);
}

TEST(Batches, OfTheWholeSetKeepTheOrder) {
  for (const std::uint64_t size : {0, 10, 1000}) {
    data::Batches batches(10, size, Random(1, "order"));
    batches.next_epoch();
    ASSERT_EQ(batches.count(), 1u);
    EXPECT_EQ(epoch(batches), counting(10));
  }
}

TEST(Batches, AreShuffledAgainEachEpoch) {
  data::Batches batches(50, 10, Random(1, "order"));
  std::set<std::vector<std::uint64_t>> seen{epoch(batches)};
  for (int e = 0; e < 20; ++e) {
    batches.next_epoch();
    EXPECT_TRUE(seen.insert(epoch(batches)).second);
  }
}

TEST(Batches, AllocateNothingAfterConstruction) {
  data::Batches batches(1000, 32, Random(1, "order"));
  const auto before = allocations();
  std::uint64_t sum = 0;
  for (int e = 0; e < 5; ++e) {
    batches.next_epoch();
    for (std::uint64_t i = 0; i < batches.count(); ++i)
      for (const auto index : batches.batch(i)) sum += index;
  }
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(sum, 5u * 1000 * 999 / 2);
}

TEST(Batches, FollowTheirStreamAlone) {
  data::Batches a(50, 10, Random(7, "order", 3)), b(50, 10, Random(7, "order", 3)),
      other(50, 10, Random(7, "order", 4));
  for (int e = 0; e < 3; ++e) {
    a.next_epoch(), b.next_epoch(), other.next_epoch();
    EXPECT_EQ(epoch(a), epoch(b));
    EXPECT_NE(epoch(a), epoch(other));
  }
}

TEST(Batches, OfAnotherSizeWalkTheSameOrder) {
  data::Batches fine(60, 6, Random(7, "order")), coarse(60, 20, Random(7, "order"));
  fine.next_epoch(), coarse.next_epoch();
  EXPECT_EQ(epoch(fine), epoch(coarse));
}

TEST(Batches, WithReplacementTakeSamplesAgain) {
  for (const std::uint64_t size : {0, 10}) {
    data::Batches batches(1000, size, Random(7, "order"), true);
    std::vector<std::uint64_t> before;
    for (int e = 0; e < 3; ++e) {
      batches.next_epoch();
      const auto drawn = epoch(batches);
      EXPECT_EQ(drawn.size(), 1000u);
      EXPECT_NE(drawn, before);
      // A sample is left out with probability (1 - 1/n)^n; sd of the number of distinct ones: 9.8.
      EXPECT_NEAR(double(std::set(drawn.begin(), drawn.end()).size()), 632, 45);
      before = drawn;
    }
  }
}

// Where sample 0 lands is uniform: chi-square with 9 degrees of freedom, 99.99 % point 33.7.
TEST(Batches, PutASampleAnywhereEquallyOften) {
  data::Batches batches(10, 1, Random(5, "order"));
  std::vector<double> count(10);
  constexpr int epochs = 20000;
  for (int e = 0; e < epochs; ++e) {
    batches.next_epoch();
    const auto order = epoch(batches);
    ++count[std::size_t(std::ranges::find(order, 0u) - order.begin())];
  }
  double chi2 = 0;
  for (const auto c : count) chi2 += (c - epochs / 10) * (c - epochs / 10) / (epochs / 10);
  EXPECT_LT(chi2, 33.7);
}

}  // namespace
}  // namespace descent
