// SPDX-License-Identifier: MIT
#include "statistics/multiplicity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "statistics/estimate.h"

namespace descent {
namespace {

using Values = std::vector<double>;

void expect_near(const Values& found, const Values& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-15) << i;
}

// 4 * .005, 3 * .01, 2 * .03, then .04, which must not fall below the one before.
TEST(Holm, StepsDownFromTheSmallestInAnyOrder) {
  expect_near(statistics::holm(Values{.01, .04, .03, .005}), {.03, .06, .06, .02});
}

TEST(Holm, IsAtMostOne) { expect_near(statistics::holm(Values{.6, .9}), {1, 1}); }

// 15 p values of Benjamini & Hochberg's own example [1995, section 3.1]: Holm rejects three at .05
// (as Bonferroni does), their procedure four.
const Values thrombolysis{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                          .0459, .3240, .4262, .5719, .6528, .7590, 1.000};

int rejected(const Values& adjusted) {
  return static_cast<int>(std::ranges::count_if(adjusted, [](double p) { return p <= .05; }));
}

TEST(Holm, RejectsThreeOfTheThrombolysisTrial) {
  EXPECT_EQ(rejected(statistics::holm(thrombolysis)), 3);
}

TEST(BenjaminiHochberg, RejectsFourOfTheThrombolysisTrial) {
  EXPECT_EQ(rejected(statistics::benjamini_hochberg(thrombolysis)), 4);
}

// From the largest: .04, then min(.04, 4/3 .03), min(.04, 4/2 .01), min(.02, 4/1 .005).
TEST(BenjaminiHochberg, StepsUpFromTheLargestInAnyOrder) {
  expect_near(statistics::benjamini_hochberg(Values{.01, .04, .03, .005}), {.02, .04, .04, .02});
}

TEST(Adjusted, OfASingleTestAreUnchangedAndOfNoneEmpty) {
  expect_near(statistics::holm(Values{.03}), {.03});
  expect_near(statistics::benjamini_hochberg(Values{.03}), {.03});
  EXPECT_TRUE(statistics::holm({}).empty());
  EXPECT_TRUE(statistics::benjamini_hochberg({}).empty());
}

TEST(Adjusted, LeaveWhatIsNotDefinedOutOfTheFamily) {
  const Values p{.01, not_recorded, .04};
  for (const auto& adjusted : {statistics::holm(p), statistics::benjamini_hochberg(p)}) {
    EXPECT_NEAR(adjusted[0], .02, 1e-15);
    EXPECT_TRUE(std::isnan(adjusted[1]));
    EXPECT_NEAR(adjusted[2], .04, 1e-15);
  }
}

TEST(Adjusted, KeepTheOrderOfEqualOnes) {
  expect_near(statistics::holm(Values{.02, .02}), {.04, .04});
  expect_near(statistics::benjamini_hochberg(Values{.02, .02}), {.02, .02});
}

// The least n with P(|t| > t(1 - alpha/2)) >= power for the noncentral t of scipy.stats.nct with n
// - 1 degrees of freedom and noncentrality effect sqrt(n): TTestPower.solve_power of statsmodels,
// rounded up.
TEST(ReplicatesNeeded, AreThoseOfTheNoncentralT) {
  struct Case {
    double effect, alpha, power;
    std::uint64_t replicates;
  };
  for (const auto& [effect, alpha, power, replicates] : {Case{1, .05, .8, 10},
                                                         {-.5, .05, .8, 34},
                                                         {.2, .05, .8, 199},
                                                         {.3, .05, .8, 90},
                                                         {.1, .05, .8, 787},
                                                         {2, .05, .8, 5},
                                                         {3, .05, .8, 4},
                                                         {5, .05, .8, 3},
                                                         {1, .005, .8, 18},
                                                         {.5, .001, .8, 74},
                                                         {.7, .0005, .8, 45},
                                                         {.2, .05, .9, 265}})
    EXPECT_EQ(statistics::replicates_needed(effect, 1, alpha, power), replicates) << effect;
  EXPECT_EQ(statistics::replicates_needed(.4, 2, .05), 199u);
}

TEST(ReplicatesNeeded, AreFewForAnEffectFarBeyondTheSpread) {
  for (const double effect : {20., 1e3, 1e6, 1e12, 1e300}) {
    const auto found = statistics::replicates_needed(effect, 1, .05);
    ASSERT_TRUE(found);
    EXPECT_GE(*found, 2u);
    EXPECT_LE(*found, 3u);
    EXPECT_GE(statistics::replicates_needed(effect, 1, 1e-12), 2u);
  }
  for (const double effect : {1e-2, 4e-3, 2.9e-3})
    EXPECT_NEAR(double(*statistics::replicates_needed(effect, 1, .05)),
                std::pow((1.959964 + .8416212) / effect, 2), 4)
        << "the normal quantiles do for many";
}

TEST(ReplicatesNeeded, GrowWithTheNumberOfComparisonsAndThePower) {
  EXPECT_GT(statistics::replicates_needed(.2, 1, .005), statistics::replicates_needed(.2, 1, .05));
  EXPECT_GT(statistics::replicates_needed(.2, 1, .05, .9),
            statistics::replicates_needed(.2, 1, .05));
}

TEST(ReplicatesNeeded, AreDefinedAtTheEnds) {
  EXPECT_EQ(statistics::replicates_needed(1e-9, 1, .05), statistics::most_replicates);
  EXPECT_EQ(statistics::replicates_needed(1, 0, .05), 2u);
  EXPECT_FALSE(statistics::replicates_needed(0, 1, .05));
  EXPECT_FALSE(statistics::replicates_needed(not_recorded, 1, .05));
  EXPECT_FALSE(statistics::replicates_needed(1, not_recorded, .05));
}

}  // namespace
}  // namespace descent
