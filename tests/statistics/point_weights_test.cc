// SPDX-License-Identifier: MIT
// Weights of test points: an integer weight is a column that occurs as often, in every
// decomposition, and only ratios count.
#include "statistics/point_weights.h"

#include "statistics/support.h"
#include "statistics/variance_components.h"

namespace descent {
namespace {

using statistics::Decomposition;
using statistics::DecompositionSettings;
using statistics::PointWeights;

constexpr std::uint64_t replicates = 6;

struct TestPoints {
  arma::uvec columns;    // of what is drawn
  PointWeights weights;  // of these
};

// Four points with the weights 1, 3, 2 and 2, and the same as eight points.
TestPoints weighted() { return {{0, 1, 2, 3}, arma::rowvec{1, 3, 2, 2} / 2}; }
TestPoints repeated() { return {{0, 1, 1, 1, 2, 2, 3, 3}, {}}; }

// Of replicate r, for four points; the same in both.
arma::mat drawn(arma::uword rows, std::uint64_t r) {
  Random random(5, "prediction", r);
  arma::mat values(rows, 4);
  values.imbue([&] { return random.normal(); });
  return values;
}

arma::mat probabilities(arma::uword rows, std::uint64_t r) {
  arma::mat p = arma::exp(drawn(rows, r));
  p.each_row() /= arma::sum(p, 0);
  return p;
}

void expect_same(const Decomposition& found, const Decomposition& expected) {
  const auto same = [](const statistics::Estimate& a, const statistics::Estimate& b) {
    if (!std::isnan(b.value)) {
      EXPECT_NEAR(a.value, b.value, 1e-14);
    }
    if (!std::isnan(b.se)) {
      EXPECT_NEAR(a.se, b.se, 1e-14);
    }
  };
  same(found.total, expected.total);
  same(found.bias2, expected.bias2);
  same(found.variance, expected.variance);
  same(found.excess, expected.excess);
  if (!std::isnan(expected.noise)) {
    EXPECT_NEAR(found.noise, expected.noise, 1e-14);
  }
  EXPECT_NEAR(found.max_replicate_share, expected.max_replicate_share, 1e-14);
  EXPECT_LT(found.identity_residual, 1e-13);
  ASSERT_EQ(found.effects.size(), expected.effects.size());
  for (std::size_t i = 0; i < found.effects.size(); ++i)
    same(found.effects[i].estimate, expected.effects[i].estimate);
}

DecompositionSettings settings_of(const TestPoints& points, bool truth) {
  DecompositionSettings settings;
  settings.weights = points.weights;
  settings.target_is_truth = truth;
  settings.noise = truth ? 0.3 : not_recorded;
  return settings;
}

Decomposition by_accumulators(statistics::Divergence divergence, const TestPoints& points,
                              bool truth) {
  const bool entropy = divergence == statistics::Divergence::cross_entropy;
  const arma::mat all = entropy ? probabilities(3, 99) : drawn(2, 99);
  const arma::mat target = all.cols(points.columns);
  std::vector<statistics::Accumulator> groups;
  for (std::uint64_t r = 0; r < replicates; ++r) {
    const arma::mat given = entropy ? arma::mat(arma::log(probabilities(3, r))) : drawn(2, r);
    groups.emplace_back(divergence).add(given.cols(points.columns), target, points.weights);
  }
  return statistics::decompose(groups, target, settings_of(points, truth));
}

TEST(PointWeights, AreRepetitionsInSquaredErrorAndCrossEntropy) {
  for (const auto divergence :
       {statistics::Divergence::squared_error, statistics::Divergence::cross_entropy})
    for (const bool truth : {false, true})
      expect_same(by_accumulators(divergence, weighted(), truth),
                  by_accumulators(divergence, repeated(), truth));
}

Decomposition by_votes(const TestPoints& points, bool truth) {
  const arma::mat target = probabilities(3, 99).cols(points.columns);
  std::vector<statistics::Votes> groups(replicates);
  for (std::uint64_t r = 0; r < replicates; ++r) {
    const arma::urowvec predicted = arma::index_max(drawn(3, r), 0);
    groups[r].add(predicted.cols(points.columns), target, points.weights);
  }
  return statistics::decompose(groups, target, settings_of(points, truth));
}

TEST(PointWeights, AreRepetitionsInZeroOneLoss) {
  for (const bool truth : {false, true})
    expect_same(by_votes(weighted(), truth), by_votes(repeated(), truth));
}

Decomposition by_predictions(const TestPoints& points, bool truth) {
  const arma::mat target = drawn(2, 99).cols(points.columns);
  std::vector<statistics::Predictions> groups(replicates);
  for (std::uint64_t r = 0; r < replicates; ++r)
    groups[r].add(drawn(2, r).cols(points.columns), target);
  auto settings = settings_of(points, truth);
  settings.normal_sd = 0.4;
  return statistics::decompose(groups, target, settings);
}

TEST(PointWeights, AreRepetitionsInAbsoluteLoss) {
  for (const bool truth : {false, true})
    expect_same(by_predictions(weighted(), truth), by_predictions(repeated(), truth));
}

Decomposition by_blocks(const TestPoints& points, statistics::Design design) {
  const arma::mat target = drawn(1, 99).cols(points.columns);
  std::vector<statistics::Blocks> groups(3, statistics::Blocks(2));
  for (std::uint64_t r = 0; r < replicates; ++r)
    groups[r / 2].add(drawn(1, r).cols(points.columns), target, points.weights);
  return statistics::decompose(groups, target, {design, "data", "init"},
                               settings_of(points, false));
}

TEST(PointWeights, AreRepetitionsInBlocks) {
  using statistics::Design;
  for (const auto design : {Design::partitions, Design::nested, Design::crossed})
    expect_same(by_blocks(weighted(), design), by_blocks(repeated(), design));
}

// Cochran 1977, 6.4: the error of sum(w x) / sum(w) over m points is the root of
// sum w^2 (x - mean)^2 / (m (m - 1)), w of mean 1. Replicates without spread: x = error^2.
TEST(PointWeights, GiveTheErrorOfARatioOverTestPoints) {
  const arma::rowvec errors = {1, 2, 0, 3}, w = weighted().weights, x = arma::square(errors);
  const double mean = arma::dot(w, x) / 4;
  const double expected = std::sqrt(arma::accu(arma::square(w % (x - mean))) / (4 * 3));
  const arma::mat target(1, 4, arma::fill::zeros);
  std::vector<statistics::Accumulator> groups;
  for (int r = 0; r < 2; ++r)
    groups.emplace_back(statistics::Divergence::squared_error).add(errors, target, w);
  const auto found = statistics::decompose(groups, target, settings_of(weighted(), false));
  EXPECT_NEAR(found.total.value, mean, 1e-14);
  EXPECT_NEAR(found.se_points.total, expected, 1e-14);
}

}  // namespace
}  // namespace descent
