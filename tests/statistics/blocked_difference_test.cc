// SPDX-License-Identifier: MIT
// Paired differences of replicates in blocks, on numbers that can be worked out by hand.
#include "statistics/blocked_difference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

namespace descent::statistics {
namespace {

const std::vector<double> zeros(6, 0);
const std::vector<std::uint64_t> six = {0, 1, 2, 3, 4, 5};

// Means 2, 4 and 9 of the blocks: mean 5, sd sqrt(13).
TEST(BlockedDifference, CountsBlocks) {
  const std::vector<double> a = {1, 3, 2, 6, 10, 8};
  const auto d = blocked_difference(six, a, zeros, {2, false}, 0.95);
  EXPECT_DOUBLE_EQ(d.estimate.value, 5);
  EXPECT_DOUBLE_EQ(d.estimate.se, std::sqrt(13.0 / 3));
  EXPECT_EQ(d.df, 2);
  EXPECT_EQ(d.replicates, 3u);
}

TEST(BlockedDifference, OfSingleReplicatesIsThePairedDifference) {
  const std::vector<double> a = {1, 3, 2, 6, 10, 8};
  const auto d = blocked_difference(six, a, zeros, {}, 0.95), e = paired_difference(a, zeros, 0.95);
  EXPECT_EQ(d.estimate.se, e.estimate.se);
  EXPECT_EQ(d.p, e.p);
}

// A block of which a replicate failed has the mean of the others.
TEST(BlockedDifference, TakesWhatIsThereOfABlock) {
  const std::vector<std::uint64_t> five = {0, 1, 3, 4, 5};
  const std::vector<double> a = {1, 3, 6, 10, 8}, b(5, 0);
  EXPECT_DOUBLE_EQ(blocked_difference(five, a, b, {2, false}, 0.95).estimate.value,
                   (2.0 + 6 + 9) / 3);
}

// Of the positions: means 13/3 and 17/3, sd sqrt(8)/3, se 2/3.
TEST(BlockedDifference, AddsTheErrorOverPositionsOfCrossedBlocks) {
  const std::vector<double> a = {1, 3, 2, 6, 10, 8};
  const auto d = blocked_difference(six, a, zeros, {2, true}, 0.95);
  EXPECT_DOUBLE_EQ(d.estimate.value, 5);
  EXPECT_DOUBLE_EQ(d.estimate.se, std::hypot(std::sqrt(13.0 / 3), 2.0 / 3));
  EXPECT_EQ(d.df, 1);
}

TEST(BlockedDifference, OfOneBlockIsOnlyAValue) {
  const std::vector<std::uint64_t> two = {0, 1};
  const std::vector<double> a = {1, 3}, b = {0, 0};
  for (const bool is_crossed : {false, true}) {
    const auto d = blocked_difference(two, a, b, {2, is_crossed}, 0.95);
    EXPECT_DOUBLE_EQ(d.estimate.value, 2);
    EXPECT_TRUE(std::isnan(d.p));
  }
}

// Equal configurations, where the effects of data sets, and of seeds if crossed, exceed what single
// replicates add: a test at the level 5 % that counts replicates rejects in about half of all
// calls.
TEST(BlockedDifference, RaisesFewFalseAlarms) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  constexpr int calls = 2000, blocks = 10, size = 10;
  std::vector<std::uint64_t> replicates(blocks * size);
  std::iota(replicates.begin(), replicates.end(), std::uint64_t{0});
  const std::vector<double> b(replicates.size(), 0);
  for (const bool is_crossed : {false, true}) {
    int alarms = 0, of_replicates = 0;
    for (int call = 0; call < calls; ++call) {
      std::vector<double> of_data(blocks), of_seeds(size), a;
      for (auto& x : of_data) x = normal(random);
      for (auto& x : of_seeds) x = is_crossed ? normal(random) : 0;
      for (const auto r : replicates)
        a.push_back(of_data[r / size] + of_seeds[r % size] + 0.3 * normal(random));
      alarms += blocked_difference(replicates, a, b, {size, is_crossed}, 0.95).p <= 0.05;
      of_replicates += paired_difference(a, b, 0.95).p <= 0.05;
    }
    // 5 % expected; 4 standard errors of a share of 2000 are 2 %.
    EXPECT_LE(alarms, calls * 7 / 100) << (is_crossed ? "crossed" : "nested");
    EXPECT_GE(alarms, is_crossed ? 0 : calls * 3 / 100);
    EXPECT_GE(of_replicates, calls * 45 / 100);
  }
}

}  // namespace
}  // namespace descent::statistics
