// SPDX-License-Identifier: MIT
// Data from a function: distributions, truth, errors.
#include <cmath>

#include "data/support.h"

namespace descent {
namespace {

using testing::error_of;
using testing::line;
using testing::open;
using testing::residuals;
using testing::same;

TEST(Synthetic, HasTheShapesOfItsSpecification) {
  const auto source = open(line());
  const auto data = source.training(0);
  EXPECT_EQ(arma::size(data.features), arma::size(1, 256));
  EXPECT_EQ(arma::size(data.targets), arma::size(1, 256));
  EXPECT_TRUE(data.classes.empty());
  EXPECT_TRUE(data.weights.is_empty());
  EXPECT_EQ(source.test().data.size(), 100u);
  EXPECT_EQ(source.inputs(), 1u);
  EXPECT_EQ(source.outputs(), 1u);
  EXPECT_EQ(source.training_size(), 256u);
  EXPECT_EQ(source.names().inputs, std::vector<std::string>{"x"});
  EXPECT_EQ(source.names().targets, std::vector<std::string>{"y"});
}

TEST(Synthetic, DrawsUniformInputs) {
  auto spec = line();
  spec.train = 100000;
  spec.x = {data::InputSpec::Kind::uniform, -1, 3};
  const auto x = open(spec).training(0).features;
  const double sd = 4 / std::sqrt(12.0);
  EXPECT_GE(x.min(), -1);
  EXPECT_LT(x.max(), 3);
  EXPECT_NEAR(arma::mean(x.row(0)), 1, 4.5 * sd / std::sqrt(1e5));
  // var((x - 1)^2) = (b-a)^4 / 180
  EXPECT_NEAR(arma::var(x.row(0)), sd * sd, 4.5 * 16 / std::sqrt(180.0) / std::sqrt(1e5));
}

TEST(Synthetic, DrawsNormalInputsInEveryDimension) {
  auto spec = line();
  spec.function = {"x1 + x2 + x3"};
  spec.dims = 3;
  spec.train = 50000;
  spec.x = {data::InputSpec::Kind::normal, 2, 0.5};
  const auto x = open(spec).training(0).features;
  for (arma::uword j = 0; j < 3; ++j) {
    EXPECT_NEAR(arma::mean(x.row(j)), 2, 4.5 * 0.5 / std::sqrt(5e4));
    EXPECT_NEAR(arma::var(x.row(j)), 0.25, 4.5 * 0.25 * std::sqrt(2 / 5e4));
  }
  const arma::mat cross = arma::cor(x.t());
  EXPECT_LT(std::abs(cross(0, 1)), 4.5 / std::sqrt(5e4));
  EXPECT_LT(std::abs(cross(1, 2)), 4.5 / std::sqrt(5e4));
}

TEST(Synthetic, PutsMidpointsWhereTheFormulaSays) {
  auto spec = line();
  spec.x = {data::InputSpec::Kind::midpoints, 0, 1};
  spec.test_x = {data::InputSpec::Kind::midpoints, -2, 2};
  const auto source = open(spec);
  const auto x = source.training(5).features;
  for (int i = 1; i <= 256; ++i) EXPECT_DOUBLE_EQ(x(0, i - 1), (i - 0.5) / 256);
  EXPECT_NEAR(arma::accu(arma::square(x - arma::mean(x.row(0)))), 21.3330078125, 1e-10);
  for (int k = 1; k <= 100; ++k)
    EXPECT_DOUBLE_EQ(source.test().data.features(0, k - 1), -2 + 4 * (k - 0.5) / 100);
}

TEST(Synthetic, AddsNormalNoiseOfTheGivenSpread) {
  auto spec = line();
  spec.train = 100000;
  const arma::rowvec e = residuals(open(spec).training(0)).row(0);
  EXPECT_NEAR(arma::mean(e), 0, 4.5 * 0.25 / std::sqrt(1e5));
  EXPECT_NEAR(arma::stddev(e), 0.25, 4.5 * 0.25 / std::sqrt(2e5));
}

TEST(Synthetic, WithoutNoiseIsTheFunction) {
  auto spec = line();
  spec.noise = {};
  const auto source = open(spec);
  EXPECT_TRUE(same(residuals(source.training(3)), arma::mat(1, 256, arma::fill::zeros)));
  EXPECT_EQ(source.test().noise, 0);
  EXPECT_TRUE(same(source.test().data.targets, source.test().expectation));
}

TEST(Synthetic, DrawsBernoulliTargetsWithTheFunctionAsProbability) {
  auto spec = line();
  spec.function = {"0.3"};
  spec.noise.kind = data::NoiseSpec::Kind::bernoulli;
  spec.train = 100000;
  const auto y = open(spec).training(0).targets;
  EXPECT_TRUE(arma::all(arma::vectorise(y) == 0 || arma::vectorise(y) == 1));
  EXPECT_NEAR(arma::mean(y.row(0)), 0.3, 4.5 * std::sqrt(0.21 / 1e5));
}

TEST(Synthetic, KnowsTheTruthAtItsTestPoints) {
  const auto source = open(line());
  const auto& test = source.test();
  EXPECT_TRUE(same(test.expectation, 5 * test.data.features + 7));
  EXPECT_DOUBLE_EQ(test.noise, 0.0625);
  EXPECT_FALSE(same(test.data.targets, test.expectation));
}

TEST(Synthetic, KnowsTheNoiseOfBernoulliTargets) {
  auto spec = line();
  spec.function = {"x"};
  spec.noise.kind = data::NoiseSpec::Kind::bernoulli;
  const auto test = open(spec).test();
  const arma::mat x = test.data.features;
  EXPECT_NEAR(test.noise, arma::mean(arma::vectorise(x % (1 - x))), 1e-15);
}

TEST(Synthetic, GivesClassesAndTheirProbabilities) {
  auto spec = line();
  spec.function = {"x"};
  spec.noise.kind = data::NoiseSpec::Kind::bernoulli;
  const auto source = open(spec, data::Resample::fresh, data::TargetKind::classes);
  const auto numbers = open(spec, data::Resample::fresh, data::TargetKind::numbers);
  const auto data = source.training(4);
  EXPECT_TRUE(data.targets.is_empty());
  ASSERT_EQ(data.classes.size(), 256u);
  for (std::size_t i = 0; i < 256; ++i)
    EXPECT_EQ(double(data.classes[i]), numbers.training(4).targets[i]);
  EXPECT_EQ(source.outputs(), 2u);
  EXPECT_EQ(source.names().classes, (std::vector<std::string>{"0", "1"}));
  const arma::mat x = source.test().data.features;
  EXPECT_TRUE(same(source.test().expectation, arma::join_cols(1 - x, x)));
}

TEST(Synthetic, NeedsNoTestSet) {
  auto spec = line();
  spec.test = 0;
  const auto source = open(spec);
  EXPECT_EQ(arma::size(source.test().data.features), arma::size(1, 0));
  EXPECT_TRUE(source.test().expectation.is_empty());
  EXPECT_TRUE(std::isnan(source.test().noise));
}

std::string complaint(void (*change)(data::SyntheticSpec&),
                      data::TargetKind kind = data::TargetKind::numbers,
                      data::Resample scheme = data::Resample::fresh) {
  auto spec = line();
  change(spec);
  return error_of([&] { open(spec, scheme, kind); });
}

TEST(Synthetic, RefusesWhatCannotBeDrawn) {
  EXPECT_EQ(complaint([](auto& s) { s.train = 0; }),
            "error: data.synthetic.train: 0 samples; at least 1 is needed");
  EXPECT_EQ(complaint([](auto& s) { s.dims = 0; }),
            "error: data.synthetic.dims: 0 inputs; at least 1 is needed");
  EXPECT_EQ(complaint([](auto& s) {
              s.x = {data::InputSpec::Kind::uniform, 1, 1};
            }),
            "error: data.synthetic.x: [1, 1] must be [a, b] with a < b");
  EXPECT_EQ(complaint([](auto& s) {
              s.x = {data::InputSpec::Kind::normal, 0, -1};
            }),
            "error: data.synthetic.x: normal: the sd -1 must be >= 0");
  EXPECT_EQ(complaint([](auto& s) {
              s.x = {data::InputSpec::Kind::uniform, 0, INFINITY};
            }),
            "error: data.synthetic.x: [0, inf] must be finite numbers");
  EXPECT_EQ(complaint([](auto& s) {
              s.dims = 2, s.function = {"x1"}, s.x.kind = data::InputSpec::Kind::midpoints;
            }),
            "error: data.synthetic.x: midpoints need dims: 1, not 2; use uniform or normal");
  EXPECT_EQ(complaint([](auto& s) { s.noise.sd = -1; }),
            "error: noise: normal: the sd -1 is not a number >= 0");
  EXPECT_EQ(
      complaint([](auto& s) { s.train = 1; }, data::TargetKind::numbers, data::Resample::subsample),
      "error: replicates.resample: subsample needs at least 2 training samples");
}

TEST(Synthetic, RefusesAProbabilityOutsideZeroAndOne) {
  const auto error = complaint(
      [](auto& s) { s.function = {"2 + 0*x"}, s.noise.kind = data::NoiseSpec::Kind::bernoulli; });
  EXPECT_TRUE(error.starts_with("error: function '2 + 0*x' is 2 at x = ")) << error;
  EXPECT_TRUE(error.ends_with("; as a probability it must lie in [0, 1]")) << error;
}

TEST(Synthetic, RefusesNoiseThatDoesNotSuitTheLoss) {
  EXPECT_NE(complaint([](auto&) {}, data::TargetKind::classes)
                .find("set it, or choose a loss of numbers"),
            std::string::npos);
  EXPECT_NE(
      complaint([](auto&) {}, data::TargetKind::probabilities).find("normal noise leaves [0, 1]"),
      std::string::npos);
}

}  // namespace
}  // namespace descent
