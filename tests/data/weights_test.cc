// SPDX-License-Identifier: MIT
// Sample weights of a set: mean 1, nothing left of a row of weight 0, and statistics that are those
// of repeated rows. Scales of double from the smallest to the largest.
#include "data/weights.h"

#include <cmath>

#include "data/features.h"
#include "data/support.h"

namespace descent {
namespace {

using testing::csv_spec;
using testing::open;
using testing::same;
using testing::TemporaryFile;

data::CsvSpec weighted(const std::string& path) {
  auto spec = csv_spec(path);
  spec.weight = "w";
  return spec;
}

TEST(SampleWeights, HaveMeanOneHoweverLargeOrSmallTheyAreWritten) {
  for (const double scale : {1.0, 1e-300, 1e300, 4e307})
    EXPECT_TRUE(arma::approx_equal(data::to_mean_one(arma::rowvec{1, 2, 3} * scale),
                                   arma::rowvec{0.5, 1, 1.5}, "absdiff", 1e-15))
        << scale;
  EXPECT_TRUE(data::to_mean_one({}).is_empty());
}

TEST(SampleWeights, OfZeroLeaveTheRowOut) {
  const TemporaryFile with("x,y,w\n1,2,1\n5,9,0\n3,4,2\n40,200,0.0\n7,7,1e-400\n"),
      without("x,y,w\n1,2,1\n3,4,2\n");
  const auto a = open(weighted(with.path())).training(0),
             b = open(weighted(without.path())).training(0);
  EXPECT_TRUE(same(a.features, b.features));
  EXPECT_TRUE(same(a.targets, b.targets));
  EXPECT_TRUE(same(a.weights, b.weights));
}

TEST(SampleWeights, OfZeroLeaveTheRowOutOfEverySplit) {
  std::string with = "x,y,w\n", without = with;
  for (int i = 0; i < 60; ++i) {
    const auto row = fmt::format("{},{},{}\n", i, i * i % 7, i % 3);
    with += row;
    if (i % 3 != 0) without += row;
  }
  const TemporaryFile one(with), other(without);
  auto a = weighted(one.path()), b = weighted(other.path());
  a.test_fraction = b.test_fraction = 0.25;
  a.validation_fraction = b.validation_fraction = 0.25;
  const auto kind = data::TargetKind::numbers;
  const auto left = open(a, kind, data::Resample::bootstrap),
             right = open(b, kind, data::Resample::bootstrap);
  EXPECT_TRUE(same(left.test().data.features, right.test().data.features));
  EXPECT_TRUE(same(left.validation().weights, right.validation().weights));
  EXPECT_TRUE(same(left.training(4).features, right.training(4).features));
  EXPECT_NEAR(arma::mean(left.training(4).weights), 1, 1e-14);
}

TEST(SampleWeights, OfZeroLeaveTheLabelOut) {
  const TemporaryFile file("x,y,w\n1,a,1\n2,b,1\n3,c,0\n");
  EXPECT_EQ(open(weighted(file.path()), data::TargetKind::classes).names().classes,
            (std::vector<std::string>{"a", "b"}));
}

TEST(SampleWeights, AreThoseOfRepeatedRowsInTheNoiseOfTheTruth) {
  // Var[y|x] = f (1 - f) at f = 0.5 and 0.2, weights 1 and 3: (0.25 + 3 * 0.16) / 4.
  const TemporaryFile file("x,y,f,w\n1,1,0.5,1\n2,0,0.2,3\n");
  auto spec = weighted(file.path());
  spec.truth = {"f"};
  spec.noise.kind = data::NoiseSpec::Kind::bernoulli;
  spec.test_path = file.path();
  const auto source = open(spec, data::TargetKind::probabilities, data::Resample::noise);
  EXPECT_NEAR(source.test().noise, (0.25 + 3 * 0.16) / 4, 1e-15);
}

TEST(Standardizer, TakesIntegerWeightsAsRepetitions) {
  const arma::mat x = {{1, 4, 6, -2}, {10, 0, 3, 5}};
  const arma::rowvec w = {1, 3, 2, 2};
  const arma::mat repeated = x.cols(arma::uvec{0, 1, 1, 1, 2, 2, 3, 3});
  const arma::mat expected = data::Standardizer(repeated, {})(x);
  EXPECT_TRUE(
      arma::approx_equal(data::Standardizer(x, w / arma::mean(w))(x), expected, "absdiff", 1e-15));
}

// x = 2^-k {1, 2, 3, 6}: mean 3 and variance 3.5 in these units (as features_test.cc).
TEST(Standardizer, WorksAtAnyScaleOfDouble) {
  const double sd = std::sqrt(3.5);
  const arma::rowvec expected = arma::rowvec{-2, -1, 0, 3} / sd;
  for (const double scale : {5e-324, 1e-310, 1e-300, 1e-160, 1e-8, 1.0, 1e20, 1e160, 1e300, 2e307})
    EXPECT_TRUE(arma::approx_equal(
        data::Standardizer(arma::rowvec{1, 2, 3, 6} * scale, {})(arma::rowvec{1, 2, 3, 6} * scale),
        expected, "absdiff", 1e-12))
        << scale;
}

TEST(Standardizer, WorksForValuesOfBothSignsNearTheLargest) {
  const arma::rowvec x = {-1.7e308, 1.7e308};
  EXPECT_TRUE(same(data::Standardizer(x, {})(x), arma::rowvec{-1, 1}));
}

// Values near a large offset: i of -1 .. 1 has sd sqrt(2/3), whatever is added.
TEST(Standardizer, KeepsSmallDifferencesOfLargeValues) {
  const arma::rowvec x = arma::rowvec{-1, 0, 1} + 0x1p52;
  const double sd = std::sqrt(2.0 / 3);
  EXPECT_TRUE(arma::approx_equal(data::Standardizer(x, {})(x), arma::rowvec{-1 / sd, 0, 1 / sd},
                                 "absdiff", 1e-15));
}

TEST(Standardizer, IsFittedToTargetsByTheWeightsToo) {
  // y = 0, 1 with weights 1, 3: mean 3/4, variance 3/16.
  const TemporaryFile file("x,y,w\n1,0,1\n2,1,3\n");
  auto spec = weighted(file.path());
  spec.standardize_target = true;
  const double sd = std::sqrt(3.0) / 4;
  EXPECT_TRUE(arma::approx_equal(open(spec).training(0).targets,
                                 arma::rowvec{-0.75 / sd, 0.25 / sd}, "absdiff", 1e-15));
}

}  // namespace
}  // namespace descent
