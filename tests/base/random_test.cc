// SPDX-License-Identifier: MIT
// Random streams: reproducible, independent of each other, of the right distributions.
#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <vector>

namespace descent {
namespace {

constexpr int count = 100'000;

std::vector<double> uniforms(Random random, int n) {
  std::vector<double> values(static_cast<std::size_t>(n));
  for (auto& value : values) value = random.uniform();
  return values;
}

struct Moments {
  double mean = 0, variance = 0, skew = 0, kurtosis = 0;
};

Moments moments(const std::function<double()>& draw) {
  std::vector<double> values(count);
  std::ranges::generate(values, draw);
  Moments m;
  m.mean = std::reduce(values.begin(), values.end()) / count;
  double m3 = 0, m4 = 0;
  for (const double v : values) {
    const double d = v - m.mean;
    m.variance += d * d / count;
    m3 += d * d * d / count;
    m4 += d * d * d * d / count;
  }
  m.skew = m3 / std::pow(m.variance, 1.5);
  m.kurtosis = m4 / (m.variance * m.variance);
  return m;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - 0.5) * (b[i] - 0.5);
  return 12 * sum / double(a.size());
}

TEST(Random, RepeatsItself) {
  EXPECT_EQ(uniforms({42, "data", 3}, 100), uniforms({42, "data", 3}, 100));
}

// The first numbers of a stream are part of every stored result: they may never change.
TEST(Random, IsTheSameOnEveryMachine) {
  EXPECT_EQ(Random(42, "data", 3).uniform(), 0.048516075921232034);
  EXPECT_EQ(Random(42, "data", 3).below(1u << 30), 52093739u);
  EXPECT_DOUBLE_EQ(Random(42, "data", 3).normal(), -0.078383935319297007);
}

TEST(Random, HasAStreamForEverySeedPurposeAndIndex) {
  std::set<double> firsts;
  int streams = 0;
  for (const std::uint64_t seed : {0, 1, 2, 42})
    for (const char* purpose : {"data", "init", "order", "dat", "a", ""})
      for (std::uint64_t index = 0; index < 50; ++index, ++streams)
        firsts.insert(Random(seed, purpose, index).uniform());
  EXPECT_EQ(firsts.size(), std::size_t(streams));
}

TEST(Random, DoesNotConfuseSeedAndIndex) {
  EXPECT_NE(Random(1, "data", 2).uniform(), Random(2, "data", 1).uniform());
}

TEST(Random, HasStreamsThatDoNotCorrelate) {
  const auto base = uniforms({1, "data", 0}, count);
  const double limit = 4 / std::sqrt(double(count));  // four standard errors
  EXPECT_LT(std::abs(correlation(base, uniforms({1, "data", 1}, count))), limit);
  EXPECT_LT(std::abs(correlation(base, uniforms({1, "init", 0}, count))), limit);
  EXPECT_LT(std::abs(correlation(base, uniforms({2, "data", 0}, count))), limit);
  EXPECT_NEAR(correlation(base, base), 1, 0.02);
}

// First numbers of consecutive replicates, as replicates use them.
TEST(Random, HasFirstNumbersThatAreUniformOverReplicates) {
  std::uint64_t replicate = 0;
  const auto m = moments([&] { return Random(42, "data", replicate++).uniform(); });
  EXPECT_NEAR(m.mean, 0.5, 4 * std::sqrt(1.0 / 12 / count));
  EXPECT_NEAR(m.variance, 1.0 / 12, 0.001);
}

TEST(Uniform, HasItsMomentsAndBounds) {
  Random random(7, "uniform");
  double low = 10, high = -10;
  const auto m = moments([&] {
    const double x = random.uniform(-1, 3);
    low = std::min(low, x), high = std::max(high, x);
    return x;
  });
  EXPECT_NEAR(m.mean, 1, 4 * std::sqrt(16.0 / 12 / count));
  EXPECT_NEAR(m.variance, 16.0 / 12, 0.02);
  EXPECT_NEAR(m.kurtosis, 1.8, 0.02);
  EXPECT_GE(low, -1);
  EXPECT_LT(high, 3);
  EXPECT_LT(low, -0.999);
  EXPECT_GT(high, 2.999);
}

TEST(Uniform, OverOnePointIsThatPoint) { EXPECT_EQ(Random(7, "uniform").uniform(2, 2), 2); }

TEST(Normal, HasItsMoments) {
  Random random(7, "normal");
  const auto m = moments([&] { return random.normal(5, 2); });
  EXPECT_NEAR(m.mean, 5, 4 * 2 / std::sqrt(double(count)));
  EXPECT_NEAR(m.variance, 4, 4 * 4 * std::sqrt(2.0 / count));
  EXPECT_NEAR(m.skew, 0, 4 * std::sqrt(6.0 / count));
  EXPECT_NEAR(m.kurtosis, 3, 4 * std::sqrt(24.0 / count));
}

TEST(Normal, DoesNotDependOnWhatWasDrawnBefore) {
  Random a(7, "normal"), b(7, "normal");
  a.normal(0, 1), b.normal(100, 5);
  EXPECT_EQ(a.normal(0, 1), b.normal(0, 1));
}

TEST(Below, IsEquallyLikelyEverywhere) {
  Random random(7, "below");
  std::vector<int> seen(10);
  for (int i = 0; i < count; ++i) ++seen.at(random.below(10));
  double chi2 = 0;
  for (const int n : seen) chi2 += std::pow(n - count / 10, 2) / (count / 10);
  EXPECT_LT(chi2, 27.9);  // 0.1 % of chi-squared with 9 degrees of freedom
  EXPECT_EQ(Random(7, "below").below(1), 0u);
}

TEST(Shuffle, IsAPermutationAndReachesEveryOne) {
  Random random(7, "order");
  std::map<std::vector<std::uint64_t>, int> seen;
  for (int i = 0; i < 24'000; ++i) {
    std::vector<std::uint64_t> items = {0, 1, 2, 3};
    random.shuffle(items);
    ++seen[items];
  }
  ASSERT_EQ(seen.size(), 24u);
  double chi2 = 0;
  for (const auto& [items, n] : seen) chi2 += std::pow(n - 1000, 2) / 1000;
  EXPECT_LT(chi2, 49.7);  // 0.1 % of chi-squared with 23 degrees of freedom
}

}  // namespace
}  // namespace descent
