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

// As numpy.round(numpy.geomspace(4, 256, 7)) and numpy.round(numpy.linspace(8, 64, 5)).
TEST_F(Conveniences, SpacesIntegersEvenlyOrInTheLogarithm) {
  const auto batches = [&](const std::string& axis, const Lines& more = {}) {
    Lines lines = {{"train", "{epochs: 1, batch: " + axis + "}"}};
    lines.insert(lines.end(), more.begin(), more.end());
    const auto experiment = read(text(lines));
    std::vector<std::uint64_t> all;
    for (std::uint64_t i = 0; i < experiment.size(); ++i)
      all.push_back(experiment.point(i).settings.train.batch);
    return all;
  };
  using All = std::vector<std::uint64_t>;
  EXPECT_EQ(batches("{logintegers: [4, 256, 7]}"), (All{4, 8, 16, 32, 64, 128, 256}));
  EXPECT_EQ(batches("{logintegers: [4, 200, 5]}"), (All{4, 11, 28, 75, 200}));
  EXPECT_EQ(batches("{integers: [8, 64, 5]}"), (All{8, 22, 36, 50, 64}));
  EXPECT_EQ(batches("{integers: [6, 4, 3]}"), (All{6, 5, 4}));
  EXPECT_EQ(batches("{logintegers: [1, 4, 3], zip: a}", {{"seed", "{grid: [1, 2, 3], zip: a}"}}),
            (All{1, 2, 4}));
}

TEST_F(Conveniences, SayOnceThatAnAxisIsNotOfWholeNumbers) {
  const auto batch = [&](const std::string& axis, const Lines& more = {}) {
    Lines lines = {{"train", "{epochs: 1, batch: " + axis + "}"}};
    lines.insert(lines.end(), more.begin(), more.end());
    return problems(text(lines));
  };
  const std::string expected = "6:27: train.batch: expected a whole number >= 1 or full, and ";
  EXPECT_EQ(batch("{loguniform: [4, 256]}", {{"draws", "9"}}),
            Texts{expected +
                  "{loguniform: [4, 256]} has fractions; for whole numbers write {logintegers: [4, "
                  "256]}"});
  EXPECT_EQ(batch("{logspace: [4, 200, 7]}"),
            Texts{expected +
                  "{logspace: [4, 200, 7]} has fractions; for whole numbers write {logintegers: "
                  "[4, 200, 7]}"});
  EXPECT_EQ(batch("{uniform: [3.5, 8.5]}", {{"draws", "9"}}),
            Texts{expected +
                  "{uniform: [3.5, 8.5]} has fractions; for whole numbers write {integers: [4, "
                  "8]}"});
  EXPECT_EQ(batch("{logintegers: [1, 10, 10]}"),
            Texts{"6:41: logintegers: 10 whole numbers from 1 to 10 so spaced are not all "
                  "different; use n of at most 6"});
  EXPECT_EQ(batch("{integers: [1.5, 4, 2]}"),
            Texts{"6:38: integers: expected whole numbers as both ends of [a, b, n]"});
  EXPECT_EQ(batch("{integers: [1, 9], log: true}", {{"draws", "2"}}).size(), 1u);
  EXPECT_EQ(problems(text({{"optimizer", "{sgd: {lr: 0.1, momentum: {uniform: [0.5, 1.5]}}}"},
                           {"draws", "40"}})),
            Texts{"5:38: optimizer.sgd.momentum: {uniform: [0.5, 1.5]} draws values outside [0, "
                  "1]"});
}

TEST_F(Conveniences, PrunesByWhatIsRecorded) {
  const auto with = [&](const std::string& metric, const std::string& metrics = "[mae, r2]") {
    return problems({{"data", held_out},
                     {"optimizer", "{sgd: {lr: {grid: [0.1, 0.2]}}}"},
                     {"prune", "{asha: {min_epochs: 1, metric: " + metric + "}}"},
                     {"record", "{metrics: " + metrics + "}"}});
  };
  EXPECT_EQ(with("validation_r2"), Texts{});
  EXPECT_EQ(with("validation_rmse", "[rmse]"), Texts{});
  EXPECT_EQ(with("train_r2", "[train_r2]"), Texts{});
  EXPECT_EQ(with("validation_rmse"),
            Texts{"7:39: prune.asha.metric: validation_rmse is not recorded; add `record: "
                  "{metrics: [validation_rmse]}`"});
  EXPECT_EQ(with("train_r2", "[r2]"),
            Texts{"7:39: prune.asha.metric: train_r2 is not recorded; add `record: {metrics: "
                  "[train_r2]}`"})
      << "r2 is of the validation set";
  ASSERT_EQ(with("validation_f1").size(), 1u);
}

TEST_F(Conveniences, RefusesWhatIsGivenTwiceOrForEver) {
  EXPECT_EQ(problems(text({{"record", "{decompose: [mse, mae, mse]}"}})),
            Texts{"7:32: record.decompose: 'mse' is given twice"});
  EXPECT_EQ(problems(text({{"train", "{epochs: 1, timeout: 1e30h}"}})),
            Texts{"6:29: train.timeout = 1e30h is more than a year, 8760h; for no limit leave it "
                  "out"});
  EXPECT_EQ(settings({{"train", "{epochs: 1, timeout: 8760h}"}}).train.timeout_seconds,
            365 * 24 * 3600.0);
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
