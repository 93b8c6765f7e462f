// SPDX-License-Identifier: MIT
// CSV files with a known truth, and targets on a standard scale.
#include <cmath>

#include "data/support.h"

namespace descent {
namespace {

using testing::csv_spec;
using testing::numbered;
using testing::open;
using testing::same;
using testing::shipped;
using testing::TemporaryFile;
using Words = std::vector<std::string>;

data::CsvSpec with_truth(const std::string& path, double sd = 0.5) {
  auto spec = csv_spec(path);
  spec.truth = {"t"};
  spec.noise = {data::NoiseSpec::Kind::normal, sd};
  return spec;
}

TEST(CsvTruth, RedrawsTargetsAboutIt) {
  const TemporaryFile file(numbered(400));
  const auto source =
      open(with_truth(file.path()), data::TargetKind::numbers, data::Resample::noise);
  const auto first = source.training(0), second = source.training(1);
  EXPECT_EQ(source.names().inputs, Words{"id"});
  EXPECT_TRUE(same(first.features, second.features));
  const arma::rowvec e = first.targets - first.features.row(0) / 400;
  EXPECT_NEAR(arma::mean(e), 0, 4.5 * 0.5 / 20);
  EXPECT_NEAR(arma::stddev(e), 0.5, 4.5 * 0.5 / std::sqrt(800.0));
  const arma::rowvec other = second.targets - second.features.row(0) / 400;
  EXPECT_LT(std::abs(arma::as_scalar(arma::cor(e, other))), 4.5 / 20);
}

TEST(CsvTruth, MakesFreshAndNoiseTheSame) {
  const TemporaryFile file(numbered(30));
  const auto spec = with_truth(file.path());
  const auto fresh = open(spec, data::TargetKind::numbers, data::Resample::fresh);
  const auto noise = open(spec, data::TargetKind::numbers, data::Resample::noise);
  EXPECT_TRUE(same(fresh.training(3).targets, noise.training(3).targets));
}

TEST(CsvTruth, IsKnownOfTheTestSet) {
  const TemporaryFile file(numbered(40));
  auto spec = with_truth(file.path());
  spec.test_fraction = 0.25;
  const auto source = open(spec, data::TargetKind::numbers, data::Resample::fresh);
  const auto& test = source.test();
  EXPECT_TRUE(
      arma::approx_equal(test.expectation, test.data.features.row(0) / 40, "absdiff", 1e-15));
  EXPECT_DOUBLE_EQ(test.noise, 0.25);
  EXPECT_LT(arma::abs(test.data.targets - test.expectation).max(), 0.5 * 5);
  EXPECT_FALSE(same(test.data.targets, test.expectation));
}

TEST(CsvTruth, MayBeTheTargetColumnItself) {
  const TemporaryFile file("x,y\n1,2\n2,4\n3,6\n");
  auto spec = csv_spec(file.path());
  spec.truth = {"y"};
  spec.noise = {data::NoiseSpec::Kind::normal, 1e-6};
  const auto data = open(spec, data::TargetKind::numbers, data::Resample::fresh).training(0);
  EXPECT_TRUE(arma::approx_equal(data.targets, arma::mat{{2, 4, 6}}, "absdiff", 1e-5));
}

TEST(CsvTruth, WithoutNoiseKeepsTheTargetsOfTheFile) {
  const TemporaryFile file(numbered(40));
  auto spec = csv_spec(file.path());
  spec.truth = {"t"};
  spec.test_fraction = 0.25;
  const auto source = open(spec);
  const auto& test = source.test();
  EXPECT_TRUE(same(test.data.targets, 10 * test.data.features.row(0)));
  EXPECT_FALSE(test.expectation.is_empty());
  EXPECT_TRUE(std::isnan(test.noise));
}

TEST(CsvTruth, GivesBernoulliClasses) {
  const TemporaryFile file(numbered(40));
  auto spec = with_truth(file.path());
  spec.noise.kind = data::NoiseSpec::Kind::bernoulli;
  spec.test_fraction = 0.5;
  const auto source = open(spec, data::TargetKind::classes, data::Resample::fresh);
  EXPECT_EQ(source.outputs(), 2u);
  EXPECT_EQ(source.training(0).classes.size(), 20u);
  EXPECT_NE(source.training(0).classes, source.training(1).classes);
  const arma::mat p = source.test().data.features / 40;
  EXPECT_TRUE(
      arma::approx_equal(source.test().expectation, arma::join_cols(1 - p, p), "absdiff", 1e-15));
}

TEST(StandardizedTarget, TakesMeanAndSpreadOfTheTrainingPart) {
  const TemporaryFile file(numbered(40));
  auto spec = csv_spec(file.path());
  spec.test_fraction = 0.25;
  spec.standardize_target = true;
  const auto source = open(spec);
  const auto data = source.training(0);
  EXPECT_NEAR(arma::mean(data.targets.row(0)), 0, 1e-14);
  EXPECT_NEAR(arma::stddev(data.targets.row(0), 1), 1, 1e-14);
  const arma::rowvec raw = 10 * data.features.row(0),
                     held_out = 10 * source.test().data.features.row(0);
  const arma::rowvec expected = (held_out - arma::mean(raw)) / arma::stddev(raw, 1);
  EXPECT_TRUE(arma::approx_equal(source.test().data.targets, expected, "absdiff", 1e-13));
}

TEST(StandardizedTarget, HasOneScaleForEveryReplicate) {
  const TemporaryFile file(numbered(40));
  auto spec = csv_spec(file.path());
  spec.standardize_target = true;
  const auto whole = open(spec);
  const auto source = open(spec, data::TargetKind::numbers, data::Resample::bootstrap);
  const double slope = whole.training(0).targets[1] - whole.training(0).targets[0];
  const double origin = whole.training(0).targets[0];
  const auto data = source.training(2);
  const arma::rowvec expected = origin + slope * data.features.row(0);
  EXPECT_TRUE(arma::approx_equal(data.targets, expected, "absdiff", 1e-12));
  EXPECT_GT(std::abs(arma::mean(data.targets.row(0))), 1e-3);
}

TEST(StandardizedTarget, ScalesTruthAndNoiseAlong) {
  const TemporaryFile file(numbered(40));
  auto plain = with_truth(file.path()), scaled = plain;
  plain.test_fraction = scaled.test_fraction = 0.25;
  scaled.standardize_target = true;
  const auto a = open(plain, data::TargetKind::numbers, data::Resample::fresh);
  const auto b = open(scaled, data::TargetKind::numbers, data::Resample::fresh);
  const arma::rowvec truth = a.training(0).features.row(0) / 40;
  const double mean = arma::mean(truth), sd = arma::stddev(truth, 1);
  const auto agree = [&](const arma::mat& raw, const arma::mat& z) {
    return arma::approx_equal((raw - mean) / sd, z, "absdiff", 1e-12);
  };
  EXPECT_TRUE(agree(a.training(3).targets, b.training(3).targets));
  EXPECT_TRUE(agree(a.test().data.targets, b.test().data.targets));
  EXPECT_TRUE(agree(a.test().expectation, b.test().expectation));
  EXPECT_NEAR(b.test().noise, 0.25 / (sd * sd), 1e-12);
}

TEST(StandardizedTarget, TreatsEveryOutputByItself) {
  auto spec = csv_spec(shipped("linnerud.csv"), {"weight", "waist", "pulse"});
  spec.standardize_target = true;
  const auto y = open(spec).training(0).targets;
  for (arma::uword k = 0; k < 3; ++k) {
    EXPECT_NEAR(arma::mean(y.row(k)), 0, 1e-14);
    EXPECT_NEAR(arma::stddev(y.row(k), 1), 1, 1e-14);
  }
}

}  // namespace
}  // namespace descent
