// SPDX-License-Identifier: MIT
#include "statistics/jackknife.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace descent {
namespace {

const std::vector<double> sample{5, 1, 4, 2, 8};
const std::vector<double> ones(5, 1.0);

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

double variance_with_divisor_n(const std::vector<double>& values) {
  double sum = 0;
  for (double v : values) sum += (v - mean(values)) * (v - mean(values));
  return sum / static_cast<double>(values.size());
}

// The statistic of all but one of the sample, each in turn.
template <class Statistic>
std::vector<double> without_each(Statistic statistic) {
  std::vector<double> without;
  for (std::size_t skip = 0; skip < sample.size(); ++skip) {
    auto rest = sample;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(skip));
    without.push_back(statistic(rest));
  }
  return without;
}

TEST(Jackknife, OfAMeanIsItsStandardError) {
  const auto jack = statistics::jackknife(mean(sample), without_each(mean), ones);
  EXPECT_NEAR(jack.se, std::sqrt(1.5), 1e-14);
  EXPECT_NEAR(jack.corrected, 4, 1e-14);
}

TEST(Jackknife, TurnsTheDivisorOfAVarianceFromNIntoNMinusOne) {
  const auto jack = statistics::jackknife(variance_with_divisor_n(sample),
                                          without_each(variance_with_divisor_n), ones);
  EXPECT_NEAR(jack.corrected, 7.5, 1e-13);
}

TEST(Jackknife, RemovesATermOfOrderOneOverNAlsoFromUnequalGroups) {
  const std::vector<double> counts{1, 2, 3, 1};
  std::vector<double> without;
  for (double count : counts) without.push_back(2 + 3 / (7 - count));
  EXPECT_NEAR(statistics::jackknife(2 + 3.0 / 7, without, counts).corrected, 2, 1e-14);
}

// The pseudo-values of a mean are the group means: 5, 2.5 and 5.
TEST(Jackknife, WeighsUnequalGroupsBySize) {
  const std::vector<double> counts{1, 2, 2}, without{3.75, 5, 10.0 / 3};
  const double expected = (1 * 1 / 4.0 + 1.5 * 1.5 * 2 / 3 + 1 * 1 * 2 / 3.0) / 3;
  EXPECT_NEAR(statistics::jackknife(4, without, counts).se, std::sqrt(expected), 1e-14);
}

TEST(Jackknife, WantsTwoGroups) {
  const std::vector<double> one{1};
  EXPECT_TRUE(std::isnan(statistics::jackknife(1, one, one).se));
  EXPECT_TRUE(std::isnan(statistics::jackknife(1, one, one).corrected));
}

}  // namespace
}  // namespace descent
