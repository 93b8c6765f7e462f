// SPDX-License-Identifier: MIT
// Draws that replicates share: common random numbers and the resampling schemes.
#include <cmath>
#include <map>
#include <set>

#include "data/support.h"

namespace descent {
namespace {

using testing::line;
using testing::open;
using testing::residuals;
using testing::same;

TEST(CommonRandomNumbers, TheSameReplicateDrawsTheSameDataInAnyOrder) {
  const auto one = open(line()), other = open(line());
  const auto late = one.training(7);
  other.training(3);
  const auto early = other.training(7);
  EXPECT_TRUE(same(late.features, early.features));
  EXPECT_TRUE(same(late.targets, early.targets));
}

TEST(CommonRandomNumbers, AnotherReplicateOrSeedDrawsOtherData) {
  const auto source = open(line());
  const auto other = open(line(), data::Resample::fresh, data::TargetKind::numbers, 43);
  EXPECT_FALSE(same(source.training(0).features, source.training(1).features));
  EXPECT_FALSE(same(residuals(source.training(0)), residuals(source.training(1))));
  EXPECT_FALSE(same(source.training(0).features, other.training(0).features));
  EXPECT_FALSE(same(source.test().data.features, other.test().data.features));
}

// Normal inputs and normal noise out of one stream would be the same numbers.
TEST(CommonRandomNumbers, InputsNoiseAndTestSetComeFromStreamsOfTheirOwn) {
  auto spec = line();
  spec.x = spec.test_x = {data::InputSpec::Kind::normal, 0, 1};
  spec.train = spec.test = 10000;
  const auto source = open(spec);
  const auto train = source.training(0), test = source.test().data;
  const arma::mat all =
      arma::join_cols(train.features, residuals(train), test.features, residuals(test));
  const arma::mat correlation = arma::cor(all.t());
  for (arma::uword i = 0; i < 4; ++i)
    for (arma::uword j = 0; j < i; ++j)
      EXPECT_LT(std::abs(correlation(i, j)), 4.5 / std::sqrt(1e4)) << i << ", " << j;
}

TEST(CommonRandomNumbers, NoiseScalesWithItsSpread) {
  auto loud = line();
  loud.noise.sd = 1;
  const arma::mat quiet = residuals(open(line()).training(2));
  const arma::mat strong = residuals(open(loud).training(2));
  EXPECT_TRUE(arma::approx_equal(4 * quiet, strong, "absdiff", 1e-12));
}

TEST(CommonRandomNumbers, ALargerSampleBeginsWithTheSmaller) {
  auto small = line();
  small.train = 50;
  const auto few = open(small).training(1), many = open(line()).training(1);
  EXPECT_TRUE(same(few.features, many.features.head_cols(50)));
  EXPECT_TRUE(same(few.targets, many.targets.head_cols(50)));
}

TEST(CommonRandomNumbers, TheTestSetDoesNotDependOnTheTrainingSet) {
  auto spec = line();
  spec.train = 3;
  EXPECT_TRUE(
      same(open(line()).test().data.targets, open(spec, data::Resample::none).test().data.targets));
}

TEST(Resampling, FreshKeepsAFixedDesignAndRedrawsTargets) {
  auto spec = line();
  spec.x.kind = data::InputSpec::Kind::midpoints;
  const auto source = open(spec);
  EXPECT_TRUE(same(source.training(0).features, source.training(1).features));
  EXPECT_FALSE(same(source.training(0).targets, source.training(1).targets));
}

TEST(Resampling, NoiseSharesTheInputsOfReplicateZero) {
  const auto noise = open(line(), data::Resample::noise), fresh = open(line());
  for (const std::uint64_t r : {0, 1, 9}) {
    const auto data = noise.training(r);
    EXPECT_TRUE(same(data.features, fresh.training(0).features));
    EXPECT_TRUE(
        arma::approx_equal(residuals(data), residuals(fresh.training(r)), "absdiff", 1e-13));
  }
  EXPECT_FALSE(same(noise.training(1).targets, noise.training(2).targets));
}

TEST(Resampling, NoneGivesReplicateZeroAlways) {
  const auto none = open(line(), data::Resample::none), fresh = open(line());
  EXPECT_TRUE(same(none.training(9).targets, fresh.training(0).targets));
  EXPECT_TRUE(same(none.training(9).features, fresh.training(0).features));
}

// Rows of replicate 0's sample, found by their input: uniform inputs are distinct.
std::multiset<double> taken_from_the_first(const data::ReplicateSampler& source,
                                           std::uint64_t replicate) {
  const auto pool = open(line()).training(0);
  std::map<double, double> known;
  for (arma::uword i = 0; i < pool.size(); ++i) known[pool.features[i]] = pool.targets[i];
  const auto data = source.training(replicate);
  std::multiset<double> taken;
  for (arma::uword i = 0; i < data.size(); ++i) {
    EXPECT_TRUE(known.contains(data.features[i]));
    EXPECT_EQ(known[data.features[i]], data.targets[i]);
    taken.insert(data.features[i]);
  }
  return taken;
}

// A sample is left out with probability (1 - 1/n)^n; the variance of the number of distinct ones is
// n(n-1)(1-2/n)^n + n(1-1/n)^n - n^2 (1-1/n)^2n.
TEST(Resampling, BootstrapHoldsAboutTwoThirdsDistinctRows) {
  const auto source = open(line(), data::Resample::bootstrap);
  constexpr int draws = 200;
  double distinct = 0;
  for (int r = 0; r < draws; ++r) {
    const auto taken = taken_from_the_first(source, std::uint64_t(r));
    EXPECT_EQ(taken.size(), 256u);
    distinct += double(std::set(taken.begin(), taken.end()).size());
  }
  const double n = 256, one = std::pow(1 - 1 / n, n), two = std::pow(1 - 2 / n, n);
  const double sd = std::sqrt(n * (n - 1) * two + n * one - n * n * one * one);
  EXPECT_NEAR(distinct / draws, n * (1 - one), 4.5 * sd / std::sqrt(draws));
  EXPECT_NEAR(distinct / draws / n, 0.632, 0.01);
}

TEST(Resampling, SubsampleTakesHalfTheRowsOnce) {
  const auto source = open(line(), data::Resample::subsample);
  EXPECT_EQ(source.training_size(), 128u);
  for (const std::uint64_t r : {0, 1, 2}) {
    const auto taken = taken_from_the_first(source, r);
    EXPECT_EQ(taken.size(), 128u);
    EXPECT_EQ(std::set(taken.begin(), taken.end()).size(), 128u);
  }
  EXPECT_NE(taken_from_the_first(source, 0), taken_from_the_first(source, 1));
}

TEST(Resampling, DisjointCutsTheRowsIntoParts) {
  const auto source = open(line(), {data::Resample::disjoint, 5});
  EXPECT_EQ(source.training_size(), 51u);
  std::set<double> all;
  for (const std::uint64_t r : {0, 1, 2, 3, 4}) {
    const auto taken = taken_from_the_first(source, r);
    EXPECT_EQ(taken.size(), 51u);
    all.insert(taken.begin(), taken.end());
  }
  EXPECT_EQ(all.size(), 255u);
  EXPECT_NE(taken_from_the_first(source, 0), taken_from_the_first(source, 5));
}

TEST(Resampling, KfoldLeavesEveryRowOutOnce) {
  const auto source = open(line(), {data::Resample::kfold, 10});
  EXPECT_EQ(source.training_size(), 230u);
  std::map<double, int> times;
  for (std::uint64_t r = 10; r < 20; ++r) {
    const auto taken = taken_from_the_first(source, r);
    EXPECT_TRUE(taken.size() == 230 || taken.size() == 231) << taken.size();
    for (const double x : taken) ++times[x];
  }
  EXPECT_EQ(times.size(), 256u);
  for (const auto& [x, count] : times) EXPECT_EQ(count, 9) << x;
}

TEST(Resampling, CannotCutMorePartsThanSamples) {
  EXPECT_THROW(open(line(), {data::Resample::kfold, 257}), Error);
  EXPECT_NO_THROW(open(line(), {data::Resample::kfold, 256}));
}

TEST(Resampling, IsRepeatable) {
  for (const data::Resampling scheme :
       {data::Resampling(data::Resample::bootstrap), data::Resampling(data::Resample::subsample),
        data::Resampling(data::Resample::disjoint, 2),
        data::Resampling(data::Resample::kfold, 3)}) {
    const auto a = open(line(), scheme), b = open(line(), scheme);
    EXPECT_TRUE(same(a.training(5).targets, b.training(5).targets));
    EXPECT_FALSE(same(a.training(5).targets, a.training(6).targets));
  }
}

TEST(Resampling, SharesTheTestSet) {
  const auto fresh = open(line());
  for (const auto scheme :
       {data::Resample::noise, data::Resample::bootstrap, data::Resample::subsample})
    EXPECT_TRUE(same(open(line(), scheme).test().data.targets, fresh.test().data.targets));
}

}  // namespace
}  // namespace descent
