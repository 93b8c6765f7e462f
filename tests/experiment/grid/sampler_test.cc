// SPDX-License-Identifier: MIT
// The numbers behind random axes: distribution, evenness, and what they follow from.
#include "experiment/grid/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace descent::experiment {
namespace {

constexpr experiment::Sampler samplers[] = {
    experiment::Sampler::random, experiment::Sampler::halton, experiment::Sampler::sobol};

using Sequences = std::vector<std::vector<double>>;

// Kolmogorov and Smirnov's distance from the uniform distribution.
double distance(std::vector<double> x) {
  std::ranges::sort(x);
  double largest = 0;
  const auto n = double(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    largest = std::max({largest, double(i + 1) / n - x[i], x[i] - double(i) / n});
  return largest;
}

// The L2 discrepancy from boxes at the origin (Warnock 1972).
double discrepancy(const Sequences& points) {
  const auto n = points[0].size(), d = points.size();
  double single = 0, pairs = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double one = 1;
    for (const auto& x : points) one *= (1 - x[i] * x[i]) / 2;
    single += one;
    for (std::size_t j = 0; j < n; ++j) {
      double both = 1;
      for (const auto& x : points) both *= 1 - std::max(x[i], x[j]);
      pairs += both;
    }
  }
  return std::sqrt(std::pow(1.0 / 3, d) - 2 * single / double(n) + pairs / double(n * n));
}

TEST(Sampler, NumbersAreUniform) {
  for (const auto sampler : samplers)
    for (std::uint64_t seed = 0; seed < 20; ++seed)
      for (const auto& x :
           experiment::unit_draws(sampler, seed, {"optimizer.lr", "train.batch"}, 2000)) {
        EXPECT_LT(distance(x), 1.95 / std::sqrt(2000.0));  // exceeded once in 1000 when random
        EXPECT_GE(*std::ranges::min_element(x), 0);
        EXPECT_LT(*std::ranges::max_element(x), 1);
      }
}

TEST(Sampler, RandomPathsAndDrawsAreIndependent) {
  const auto all = experiment::unit_draws(experiment::Sampler::random, 3, {"a", "b"}, 10000);
  const auto correlation = [](const std::vector<double>& x, const std::vector<double>& y,
                              std::size_t lag) {
    double sum = 0;
    for (std::size_t i = lag; i < x.size(); ++i) sum += (x[i] - 0.5) * (y[i - lag] - 0.5);
    return 12 * sum / double(x.size());
  };
  EXPECT_LT(std::abs(correlation(all[0], all[1], 0)), 0.03);
  EXPECT_LT(std::abs(correlation(all[0], all[0], 1)), 0.03);
}

TEST(Sampler, FewerDrawsAreTheFirstOfMore) {
  for (const auto sampler : samplers) {
    const auto few = experiment::unit_draws(sampler, 7, {"a", "b", "c"}, 25),
               many = experiment::unit_draws(sampler, 7, {"a", "b", "c"}, 75);
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_TRUE(std::equal(few[i].begin(), few[i].end(), many[i].begin()));
  }
}

TEST(Sampler, SeedsAndPathsDiffer) {
  for (const auto sampler : samplers) {
    const auto one = experiment::unit_draws(sampler, 1, {"a", "b"}, 10);
    EXPECT_NE(one, experiment::unit_draws(sampler, 2, {"a", "b"}, 10));
    EXPECT_NE(one[0], one[1]);
  }
  EXPECT_EQ(experiment::unit_draws(experiment::Sampler::random, 1, {"x", "a"}, 10)[1],
            experiment::unit_draws(experiment::Sampler::random, 1, {"a"}, 10)[0]);
}

TEST(Sampler, HaltonAndSobolAreMoreEven) {
  const std::vector<std::string> paths = {"a", "b", "c"};
  const auto mean = [&](experiment::Sampler sampler) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed)
      sum += discrepancy(experiment::unit_draws(sampler, seed, paths, 128));
    return sum / 20;
  };
  const auto random = mean(experiment::Sampler::random);
  EXPECT_LT(mean(experiment::Sampler::halton), random / 2);
  EXPECT_LT(mean(experiment::Sampler::sobol), random / 2);
}

// Any 2^m successive numbers of a shifted Sobol sequence that start at a multiple of 2^m have one
// number in each of 2^m equal parts.
TEST(Sampler, SobolFillsEveryPartOnce) {
  for (const auto& x :
       experiment::unit_draws(experiment::Sampler::sobol, 5, {"a", "b", "c", "d"}, 64)) {
    std::vector<int> parts(64);
    for (const auto one : x) ++parts[std::size_t(one * 64)];
    EXPECT_EQ(std::ranges::count(parts, 1), 64);
  }
}

TEST(Sampler, NumbersAreTheSameOnEveryMachine) {
  EXPECT_EQ(experiment::unit_draws(experiment::Sampler::random, 42, {"optimizer.lr"}, 2),
            (Sequences{{0.29811249892392711, 0.17938774882549779}}));
  EXPECT_EQ(experiment::unit_draws(experiment::Sampler::halton, 42, {"optimizer.lr"}, 2),
            (Sequences{{0.15189604455918537, 0.65189604455918537}}));
  EXPECT_EQ(experiment::unit_draws(experiment::Sampler::sobol, 42, {"optimizer.lr"}, 2),
            (Sequences{{0.15189604455918537, 0.65189604455918537}}));
}

}  // namespace
}  // namespace descent::experiment
