// SPDX-License-Identifier: MIT
// A classifier with parts that are finite sums under three losses: one logit b fitted to 9 coin
// tosses with P(1) = 0.3 by minimising mean NLL + 0.05 b^2.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "effects.h"
#include "statistics/summary.h"

namespace descent {
namespace {

constexpr int tosses = 9;
constexpr double p_one = 0.3;
const arma::vec class_shares{1 - p_one, p_one};

double sigmoid(double b) { return 1 / (1 + std::exp(-b)); }

// The root of sigmoid(b) - ones/9 + 0.1 b, which increases in b: Newton's steps.
double fitted_logit(int ones) {
  double b = 0;
  for (int i = 0; i < 50; ++i) {
    const double s = sigmoid(b);
    b -= (s - static_cast<double>(ones) / tosses + 0.1 * b) / (s * (1 - s) + 0.1);
  }
  return b;
}

// log P(0), log P(1) for every number of ones.
std::array<arma::vec, tosses + 1> predictions() {
  std::array<arma::vec, tosses + 1> all;
  for (int ones = 0; ones <= tosses; ++ones) {
    const double b = fitted_logit(ones);
    all[static_cast<std::size_t>(ones)] = arma::log(arma::vec{sigmoid(-b), sigmoid(b)});
  }
  return all;
}

// log P(0), log P(1) of a replicate of this seed.
const arma::vec& predicted(std::uint64_t seed, std::uint64_t replicate) {
  static const auto log_p = predictions();
  Random random(seed, "data", replicate);
  std::size_t ones = 0;
  for (int i = 0; i < tosses; ++i) ones += random.uniform() < p_one;
  return log_p[ones];
}

struct Exact {
  double nll, noise, bias, variance;
};

Exact exact_parts() {
  const auto log_p = predictions();
  arma::vec mean(2, arma::fill::zeros);
  for (int k = 0; k <= tosses; ++k)
    mean += log_p[static_cast<std::size_t>(k)] *
            std::exp(std::lgamma(10) - std::lgamma(k + 1) - std::lgamma(10 - k)) *
            std::pow(p_one, k) * std::pow(1 - p_one, tosses - k);
  const double nll = -arma::accu(class_shares % mean),
               noise = statistics::mean_entropy(class_shares);
  const double variance = -std::log(arma::accu(arma::exp(mean)));
  return {nll, noise, nll - noise - variance, variance};
}

statistics::Decomposition ensemble(std::uint64_t seed,
                                   const std::vector<statistics::ReplicateRange>& ranges) {
  std::vector<statistics::Accumulator> groups;
  for (const auto& range : ranges) {
    groups.emplace_back(statistics::Divergence::cross_entropy);
    for (auto r = range.first; r < range.first + range.count; ++r)
      groups.back().add(predicted(seed, r), class_shares);
  }
  statistics::DecompositionSettings settings;
  settings.target_is_truth = true;
  return statistics::decompose(groups, class_shares, settings);
}

TEST(Bernoulli, HasTheKnownParts) {
  const auto exact = exact_parts();
  expect_relative(exact.nll, 0.6427122705271685, 1e-10);
  expect_relative(exact.noise, 0.6108643020548935, 1e-10);
  expect_relative(exact.bias, 0.006431820033216851, 1e-9);
  expect_relative(exact.variance, 0.02541614843905813, 1e-9);
}

TEST(Bernoulli, IsEstimatedFromSingleReplicatesAndFromGroups) {
  const auto exact = exact_parts();
  for (const auto& ranges : {one_each(100), one_each(400), statistics::groups_of(1000)}) {
    const auto d = ensemble(42, ranges);
    EXPECT_LE(std::abs(d.total.value - exact.nll), 3.5 * d.total.se);
    EXPECT_LE(std::abs(d.bias2.value - exact.bias), 3.5 * d.bias2.se);
    EXPECT_LE(std::abs(d.variance.value - exact.variance), 3.5 * d.variance.se);
    EXPECT_EQ(d.noise, exact.noise);
    EXPECT_LT(d.identity_residual, 1e-12);
  }
}

TEST(Bernoulli, CorrectsThePlugInVarianceByTheJackknife) {
  std::vector<double> plugin, corrected;
  for (std::uint64_t s = 0; s < 2000; ++s) {
    const auto d = ensemble(s, one_each(20));
    plugin.push_back(d.variance_plugin);
    corrected.push_back(d.variance.value);
  }
  const auto before = statistics::summarize(plugin), after = statistics::summarize(corrected);
  const double truth = exact_parts().variance;
  EXPECT_LE(std::abs(after.mean - truth), 3.5 * after.se);
  EXPECT_LE(std::abs(before.mean - 0.024120), 3.5 * std::hypot(before.se, 5.4e-5));
  EXPECT_GE(truth - before.mean, 5 * before.se);
}

// Five groups of four have to correct as well as twenty single replicates.
TEST(Bernoulli, CorrectsThePlugInVarianceOverGroupsToo) {
  const std::vector<statistics::ReplicateRange> ranges{{0, 4}, {4, 4}, {8, 4}, {12, 4}, {16, 4}};
  std::vector<double> corrected;
  for (std::uint64_t s = 0; s < 2000; ++s) corrected.push_back(ensemble(s, ranges).variance.value);
  const auto after = statistics::summarize(corrected);
  EXPECT_LE(std::abs(after.mean - exact_parts().variance), 3.5 * after.se);
}

statistics::Decomposition brier(std::uint64_t seed, std::uint64_t replicates) {
  std::vector<statistics::Accumulator> groups;
  for (std::uint64_t r = 0; r < replicates; ++r) {
    groups.emplace_back(statistics::Divergence::squared_error);
    groups.back().add(arma::exp(predicted(seed, r)), class_shares);
  }
  return statistics::decompose(groups, class_shares, against_truth(2 * p_one * (1 - p_one)));
}

TEST(Bernoulli, HasTheKnownBrierScore) {
  const auto d = brier(42, 400);
  expect_within(d.bias2, .00728560963, "bias2");
  expect_within(d.variance, .0221807552, "variance");
  expect_within(d.total, .449466365, "total");
  EXPECT_LT(d.identity_residual, 1e-12);
}

statistics::Decomposition zero_one(std::uint64_t seed, std::uint64_t replicates) {
  std::vector<statistics::Votes> groups;
  for (std::uint64_t r = 0; r < replicates; ++r) {
    groups.emplace_back();
    groups.back().add(arma::urowvec{predicted(seed, r).index_max()}, class_shares);
  }
  return statistics::decompose(groups, class_shares, against_truth());
}

// The wrong class is predicted after five or more ones.
TEST(Bernoulli, HasTheKnownTermsOfZeroOneLoss) {
  const auto d = zero_one(42, 1000);
  expect_relative(d.noise, .3, 1e-14);
  expect_within(d.total, .339523464, "error");
  EXPECT_EQ(effect(d, "domingos.bias").value, 0);
  expect_within(effect(d, "domingos.variance"), .09880866, "variance");
  expect_within(effect(d, "domingos.weighted_noise"), .80238268 * .3, "c1 N");
  expect_relative(effect(d, "kohavi_wolpert.noise").value, .21, 1e-13);
  expect_within(effect(d, "kohavi_wolpert.bias2"), .0404779553, "bias2");
  expect_within(effect(d, "kohavi_wolpert.variance"), .0890455087, "variance");
  EXPECT_EQ(effect(d, "james.systematic_effect").value, 0);
  expect_within(effect(d, "james.variance_effect"), .039523464, "variance effect");
  EXPECT_LT(d.identity_residual, 1e-12);
}

TEST(Bernoulli, CorrectsTheVarianceOfKohaviAndWolpert) {
  std::vector<double> bias2, variance;
  for (std::uint64_t s = 0; s < 2000; ++s) {
    const auto d = zero_one(s, 10);
    bias2.push_back(effect(d, "kohavi_wolpert.bias2").value);
    variance.push_back(effect(d, "kohavi_wolpert.variance").value);
  }
  const auto b = statistics::summarize(bias2), v = statistics::summarize(variance);
  EXPECT_LE(std::abs(b.mean - .0404779553), 3.5 * b.se);
  EXPECT_LE(std::abs(v.mean - .0890455087), 3.5 * v.se);
}

TEST(BernoulliCalibration, OfZeroOneLossMissesSeldom) {
  int variance = 0, total = 0, effects = 0;
  const auto misses = [](const statistics::Estimate& e, double value) {
    return value < e.lo || value > e.hi;
  };
  for (std::uint64_t s = 0; s < 40; ++s) {
    const auto d = zero_one(s, 200);
    variance += misses(effect(d, "kohavi_wolpert.variance"), .0890455087);
    effects += misses(effect(d, "james.variance_effect"), .039523464);
    total += misses(d.total, .339523464);
  }
  EXPECT_LE(variance, 6);
  EXPECT_LE(effects, 6);
  EXPECT_LE(total, 6);
}

TEST(BernoulliCalibration, IntervalsMissSeldomAcrossMasterSeeds) {
  const auto exact = exact_parts();
  int bias = 0, variance = 0, total = 0;
  for (std::uint64_t s = 0; s < 40; ++s) {
    const auto d = ensemble(s, one_each(100));
    bias += exact.bias < d.bias2.lo || exact.bias > d.bias2.hi;
    variance += exact.variance < d.variance.lo || exact.variance > d.variance.hi;
    total += exact.nll < d.total.lo || exact.nll > d.total.hi;
  }
  EXPECT_LE(bias, 6);
  EXPECT_LE(variance, 6);
  EXPECT_LE(total, 6);
}

}  // namespace
}  // namespace descent
