// SPDX-License-Identifier: MIT
// Keys that may be left out accept `none`; lengths in steps; integers drawn in the logarithm.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using Conveniences = ExperimentFile;

const std::string held_out =
    "{synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 8, validation: 4}}";

TEST_F(Conveniences, NoneIsTheSameAsLeavingAKeyOut) {
  const auto without = resolved(text());
  for (const std::string key :
       {"clip_norm", "clip_value", "ema", "stop", "schedule", "timeout", "memory", "steps"})
    for (const std::string word : {"none", "null", "~"})
      EXPECT_EQ(resolved(text({{"train", "{epochs: 40, " + key + ": " + word + "}"}})), without)
          << key << ": " << word;
  EXPECT_EQ(resolved(text({{"prune", "none"}})), without);
}

TEST_F(Conveniences, NoneIsAValueOfAGrid) {
  const auto experiment = read(text({{"train", "{epochs: 40, clip_norm: {grid: [none, 1]}}"}}));
  ASSERT_EQ(experiment.size(), 2u);
  EXPECT_EQ(experiment.point(0).settings.train.clip_norm, 0);
  EXPECT_EQ(experiment.point(1).settings.train.clip_norm, 1);
}

TEST_F(Conveniences, StepsAreGivenInsteadOfEpochs) {
  const auto s = settings({{"train", "{steps: 100}"}});
  EXPECT_EQ(s.train.steps, 100u);
  EXPECT_EQ(s.record.every_steps, 5u);
  EXPECT_EQ(problems({{"train", "{steps: 100, epochs: 3}"}}).size(), 1u);
}

TEST_F(Conveniences, RecordsBetweenEpochs) {
  const auto s = settings({{"record", "{every: {steps: 8}, weights: {every: 10}}"}});
  EXPECT_EQ(s.record.every_steps, 8u);
  EXPECT_EQ(s.record.every, 2u) << "a twentieth of 40 epochs";
  EXPECT_EQ(s.record.weights_every, 10u);
  EXPECT_FALSE(s.record.weights);
  const auto plain = settings({{"record", "{every: 8, weights: true}"}});
  EXPECT_EQ(plain.record.every, 8u);
  EXPECT_TRUE(plain.record.weights);
}

TEST_F(Conveniences, APlateauWatchesTheValidationSetIfThereIsOne) {
  const auto metric = [&](const std::string& data) {
    const auto s =
        settings({{"data", data}, {"train", "{epochs: 40, schedule: reduce_on_plateau}"}});
    return std::get<train::ReduceOnPlateau>(s.train.schedules.at(0).rule).metric;
  };
  EXPECT_EQ(metric(held_out), record::Metric::validation_loss);
  EXPECT_EQ(metric("{synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 8}}"),
            record::Metric::train_loss);
}

// Of 4 to 255 every octave is a sixth of the logarithm, so it has about a sixth of the draws.
TEST_F(Conveniences, DrawsIntegersEvenlyInTheLogarithm) {
  const auto experiment = read(text({{"train", "{epochs: 1, batch: {logintegers: [4, 255]}}"},
                                     {"draws", "600"},
                                     {"sampler", "halton"}}));
  std::vector<int> octaves(6);
  for (std::uint64_t i = 0; i < experiment.size(); ++i) {
    const auto batch = experiment.point(i).settings.train.batch;
    ASSERT_GE(batch, 4u);
    ASSERT_LE(batch, 255u);
    ++octaves.at(std::size_t(std::log2(double(batch))) - 2);
  }
  // Equal draws are one point, so only octaves with more integers than draws keep all of them.
  EXPECT_NEAR(octaves[5], 100, 30);
  EXPECT_EQ(octaves[0], 4);
}

TEST_F(Conveniences, WatchesOnlyWhatTheLossGives) {
  EXPECT_EQ(settings({{"data", held_out},
                      {"train", "{epochs: 4, stop: {patience: 2, metric: validation_mae}}"}})
                .train.stop->metric,
            record::metric_of(record::Measure::mae, record::Set::validation));
  const auto found = problems(
      {{"data", held_out}, {"train", "{epochs: 4, stop: {patience: 2, metric: validation_f1}}"}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("a measure of classes"), std::string::npos) << found[0];
}

}  // namespace
}  // namespace descent::testing
