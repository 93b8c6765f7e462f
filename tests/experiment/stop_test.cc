// SPDX-License-Identifier: MIT
// `train.stop` and validation sets in experiment files.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using EarlyStoppingFile = ExperimentFile;

const std::string held_out =
    "{synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 8, validation: 4}}";

TEST_F(EarlyStoppingFile, IsPatienceOrAllOfIt) {
  const auto s = settings({{"data", held_out}, {"train", "{epochs: 40, stop: 5}"}});
  ASSERT_TRUE(s.train.stop);
  EXPECT_EQ(s.train.stop->patience, 5u);
  EXPECT_EQ(s.train.stop->metric, record::Metric::validation_loss);
  EXPECT_FALSE(s.train.stop->restore);
  EXPECT_EQ(std::get<data::SyntheticSpec>(s.data).validation, 4u);
  const auto all = settings(
      {{"train",
        "{epochs: 40, stop: {patience: 2, min_delta: 0.5, metric: train_loss, restore: true}}"}});
  EXPECT_EQ(all.train.stop->min_delta, 0.5);
  EXPECT_EQ(all.train.stop->metric, record::Metric::train_loss);
  EXPECT_TRUE(all.train.stop->restore);
  EXPECT_FALSE(settings({}).train.stop);
}

TEST_F(EarlyStoppingFile, MayBeATargetAlone) {
  const auto s = settings({{"data", held_out}, {"train", "{epochs: 40, stop: {target: 0.1}}"}});
  EXPECT_EQ(s.train.stop->target, 0.1);
  EXPECT_EQ(s.train.stop->patience, 0u);
  EXPECT_EQ(problems({{"data", held_out}, {"train", "{epochs: 40, stop: {min_delta: 1}}"}}).size(),
            1u);
}

TEST_F(EarlyStoppingFile, LeavesAFileWithoutItAsItWas) {
  const auto content = resolved(text());
  EXPECT_FALSE(content["train"].contains("stop"));
  EXPECT_FALSE(content["data"]["synthetic"].contains("validation"));
}

TEST_F(EarlyStoppingFile, NeedsSomethingToWatch) {
  EXPECT_EQ(problems({{"train", "{epochs: 40, stop: 5}"}}),
            Texts{"6:27: train.stop watches validation_loss, and nothing is held out for it; give "
                  "data.synthetic.validation: 200, or metric: train_loss"});
  EXPECT_EQ(problems({{"optimizer", "exact"},
                      {"train", "{epochs: 4, stop: {patience: 2, metric: train_loss}}"}}),
            Texts{"6:26: optimizer 'exact' goes to the minimum in one step, which train.stop "
                  "cannot change; leave it out"});
}

TEST_F(EarlyStoppingFile, APlateauNeedsSomethingToWatch) {
  const auto with = [&](const std::string& schedule) {
    return problems({{"train", "{epochs: 40, schedule: " + schedule + "}"}});
  };
  EXPECT_EQ(with("{reduce_on_plateau: {metric: validation_loss}}"),
            Texts{"6:51: train.schedule.reduce_on_plateau watches validation_loss, and nothing is "
                  "held out for it; give data.synthetic.validation: 200, or metric: train_loss"});
  EXPECT_EQ(with("[{reduce_on_plateau: {metric: train_f1}}]"),
            Texts{"6:52: train.schedule.0.reduce_on_plateau watches train_f1, which loss 'mse' "
                  "does not give: it is a measure of classes"});
  EXPECT_EQ(with("{reduce_on_plateau: {metric: train_r2}}"), Texts{});
}

TEST_F(EarlyStoppingFile, TakesTheInputsOfTheTrainingSetForValidation) {
  const auto content = resolved(text({{"data", held_out}}));
  EXPECT_EQ(content["data"]["synthetic"]["validation"]["x"], content["data"]["synthetic"]["x"]);
  const auto other = resolved(
      text({{"data",
             "{synthetic: {function: x, x: {uniform: [0, 1]}, train: 8, validation: {count: 4, x: "
             "{normal: [0, 1]}}}}"}}));
  EXPECT_EQ(other["data"]["synthetic"]["validation"]["x"]["name"], "normal");
}

}  // namespace
}  // namespace descent::testing
