// SPDX-License-Identifier: MIT
// The validation set: drawn or split once, without any effect on other data.
#include <set>

#include "data/support.h"

namespace descent {
namespace {

using testing::csv_spec;
using testing::error_of;
using testing::line;
using testing::numbered;
using testing::open;
using testing::residuals;
using testing::same;
using testing::TemporaryFile;

std::set<double> ids(const data::Dataset& data) {
  const arma::rowvec row = data.features.row(0);
  return {row.begin(), row.end()};
}

TEST(Validation, IsEmptyUnlessRequested) {
  EXPECT_EQ(open(line()).validation().size(), 0u);
  const TemporaryFile file(numbered(20));
  EXPECT_EQ(open(csv_spec(file.path())).validation().size(), 0u);
}

TEST(Validation, OfAFormulaIsDrawnByStreamsOfItsOwn) {
  auto spec = line();
  const auto without = open(spec);
  spec.validation = 4000;
  spec.validation_x = {data::InputSpec::Kind::uniform, 2, 3};
  const auto source = open(spec);
  const auto& validation = source.validation();
  EXPECT_EQ(validation.size(), 4000u);
  EXPECT_GE(validation.features.min(), 2);
  EXPECT_LE(validation.features.max(), 3);
  EXPECT_NEAR(arma::stddev(arma::vectorise(residuals(validation))), 0.25, 0.25 * 4.5 / 89.4);
  for (const std::uint64_t replicate : {0, 3}) {
    EXPECT_TRUE(same(source.training(replicate).features, without.training(replicate).features));
    EXPECT_TRUE(same(source.training(replicate).targets, without.training(replicate).targets));
  }
  EXPECT_TRUE(same(source.test().data.targets, without.test().data.targets));
  EXPECT_TRUE(same(open(spec).validation().targets, validation.targets));
  EXPECT_FALSE(
      same(open(spec, data::Resample::fresh, data::TargetKind::numbers, 43).validation().targets,
           validation.targets));
}

TEST(Validation, OfAFileIsAShareOfTheRowsThatAreNotTest) {
  const TemporaryFile file(numbered(100));
  auto spec = csv_spec(file.path());
  spec.test_fraction = 0.2;
  const auto without = open(spec);
  spec.validation_fraction = 0.25;
  const auto source = open(spec);
  EXPECT_TRUE(same(source.test().data.features, without.test().data.features));
  EXPECT_EQ(source.validation().size(), 20u);
  EXPECT_EQ(source.training_size(), 60u);
  auto all = ids(source.training(0));
  for (const auto& part : {source.validation(), source.test().data})
    for (const double id : ids(part)) EXPECT_TRUE(all.insert(id).second) << id << " occurs twice";
  EXPECT_EQ(all.size(), 100u);
  EXPECT_TRUE(same(source.validation().targets, 10 * source.validation().features.row(0)));
  EXPECT_NE(ids(open(spec, data::TargetKind::numbers, data::Resample::none, 1).validation()),
            ids(source.validation()));
}

TEST(Validation, MayBeAFileOfItsOwn) {
  const TemporaryFile file(numbered(30)), other("t,y,id\n0.5,7,3\n0.25,9,4\n");
  auto spec = csv_spec(file.path());
  spec.validation_path = other.path();
  const auto source = open(spec);
  EXPECT_EQ(source.training_size(), 30u);
  EXPECT_TRUE(same(source.validation().features, arma::mat{{3, 4}, {0.5, 0.25}}));
  EXPECT_TRUE(same(source.validation().targets, arma::mat{{7, 9}}));
}

TEST(Validation, TakesTheScaleOfTheTrainingPart) {
  const TemporaryFile file(numbered(50));
  auto spec = csv_spec(file.path());
  spec.validation_fraction = 0.4;
  spec.standardize_target = true;
  const auto source = open(spec);
  const auto train = source.training(0);
  EXPECT_NEAR(arma::mean(arma::vectorise(train.targets)), 0, 1e-12);
  EXPECT_NEAR(arma::stddev(arma::vectorise(train.targets), 1), 1, 1e-12);
  // One line through all: y = 10 id, on the training part's scale.
  const double slope =
      (train.targets(1) - train.targets(0)) / (train.features(0, 1) - train.features(0, 0));
  const arma::rowvec line =
      train.targets(0) + slope * (source.validation().features.row(0) - train.features(0, 0));
  EXPECT_TRUE(arma::approx_equal(line, source.validation().targets, "absdiff", 1e-9));
}

TEST(Validation, DrawsTargetsAboutAKnownTruthOnce) {
  const TemporaryFile file(numbered(400));
  auto spec = csv_spec(file.path());
  spec.truth = {"t"};
  spec.noise = {data::NoiseSpec::Kind::normal, 0.5};
  spec.validation_fraction = 0.5;
  const auto source = open(spec, data::TargetKind::numbers, data::Resample::noise);
  const auto& validation = source.validation();
  const arma::rowvec e = validation.targets - validation.features.row(0) / 400;
  EXPECT_NEAR(arma::stddev(e), 0.5, 4.5 * 0.5 / 20);
  EXPECT_TRUE(
      same(validation.targets,
           open(spec, data::TargetKind::numbers, data::Resample::noise).validation().targets));
}

TEST(Validation, ReportsWhatCannotBeHeldOut) {
  const TemporaryFile file(numbered(1));
  auto spec = csv_spec(file.path());
  spec.validation_fraction = 0.5;
  EXPECT_EQ(error_of([&] { open(spec); }, file.path()),
            ": error: a single row cannot be split; drop data.csv.validation");
  spec.validation_path = "other.csv";
  EXPECT_EQ(error_of([&] { open(spec); }),
            "error: data.csv.validation: give a fraction or a path, not both");
}

}  // namespace
}  // namespace descent
