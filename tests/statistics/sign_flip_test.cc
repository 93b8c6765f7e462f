// SPDX-License-Identifier: MIT
// The sign-flip test: by hand, and its calibration over many master seeds.
#include "statistics/sign_flip.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"

namespace descent {
namespace {

using Values = std::vector<double>;

// Of the eight choices for 1, 2, 4, only +++ and --- reach a sum of 7.
TEST(SignFlip, OfDifferencesOfOneSignIsTwoInAllChoices) {
  EXPECT_EQ(statistics::sign_flip_p(Values{1, 2, 4}), 2. / 8);
  EXPECT_EQ(statistics::sign_flip_p(Values{.1, .1, .1, .1, .1}), 2. / 32);
  EXPECT_EQ(statistics::sign_flip_p(Values(16, 1e-9)), std::exp2(-15));
}

// -1 + 2 + 4 = 5: reached by +-5 (the flips of 1) and +-7.
TEST(SignFlip, CountsTheChoicesWithAsLargeASum) {
  EXPECT_EQ(statistics::sign_flip_p(Values{-1, 2, 4}), 4. / 8);
  EXPECT_EQ(statistics::sign_flip_p(Values{-1, -2, 4}), 8. / 8);
}

// 0.1 + 0.2 - 0.3 is not exactly 0 in binary: it is as small as any.
TEST(SignFlip, TakesSumsThatDifferByRoundingAsEqual) {
  EXPECT_EQ(statistics::sign_flip_p(Values{.1, .2, -.3}), 1);
}

TEST(SignFlip, OfNoDifferenceIsOne) { EXPECT_EQ(statistics::sign_flip_p(Values(20, 0)), 1); }

TEST(SignFlip, IsNotDefinedForOnePair) {
  EXPECT_TRUE(std::isnan(statistics::sign_flip_p(Values{1})));
}

// 18 equal differences: 2 of 2^18 choices; of 2^16 sampled ones the given choice and hardly
// another.
TEST(SignFlip, OfManyIsSampledAndRepeatable) {
  const double p = statistics::sign_flip_p(Values(18, 1));
  EXPECT_GE(p, std::exp2(-16));
  EXPECT_LE(p, 8 * std::exp2(-16));
  EXPECT_EQ(statistics::sign_flip_p(Values(18, 1)), p);
}

// 17 alternating differences of size 1, 9 above: |sum| = 1 at least always, as 17 is odd.
TEST(SignFlip, SampledFindsThatEverySumIsAsLarge) {
  Values values;
  for (int i = 0; i < 17; ++i) values.push_back(i % 2 == 0 ? 1 : -1);
  EXPECT_EQ(statistics::sign_flip_p(values), 1);
}

// Symmetric differences: rejected in 5 % of all seeds, exactly or sampled or in groups.
TEST(SignFlip, RejectsSymmetricDifferencesAsOftenAsItSays) {
  for (const std::size_t n : {8u, 12u, 30u}) {
    const int seeds = n > 16 ? 300 : 1000;
    int rejected = 0;
    for (int seed = 0; seed < seeds; ++seed) {
      Random random(std::uint64_t(seed), "differences", n);
      Values values(n);
      for (double& value : values) value = std::pow(random.normal(), 3);  // heavy tails
      rejected += statistics::sign_flip_p(values) <= .05;
    }
    EXPECT_LE(rejected, .05 * seeds + 3.5 * std::sqrt(seeds * .05 * .95)) << n;
    EXPECT_GE(rejected, .04 * seeds - 3.5 * std::sqrt(seeds * .05 * .95)) << n;
  }
}

TEST(SignFlip, OfThousandsFlipsSumsOfConsecutiveOnes) {
  Random random(3, "differences");
  Values values(5000);
  for (double& value : values) value = random.normal(.1, 1);
  EXPECT_LT(statistics::sign_flip_p(values), 1e-4) << "the mean is 7 standard errors from 0";
}

}  // namespace
}  // namespace descent
