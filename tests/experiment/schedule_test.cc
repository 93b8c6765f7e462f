// SPDX-License-Identifier: MIT
// Schedules, clipping and averaging in experiment files.
#include "experiment/support.h"

namespace descent::testing {
namespace {

class Schedules : public ExperimentFile {
 protected:
  train::Schedule only(const std::string& schedule) {
    const auto all = settings({{"train", "{epochs: 40, schedule: " + schedule + "}"}});
    EXPECT_EQ(all.train.schedules.size(), 1u);
    return all.train.schedules.front();
  }

  Texts schedule_problems(const std::string& schedule) {
    return problems({{"train", "{epochs: 40, schedule: " + schedule + "}"}});
  }

  double at(const std::string& schedule, std::uint64_t t) {
    return train::value_at(train::fitted(only(schedule), 40), 1, t);
  }
};

TEST_F(Schedules, OfEveryKindAreRead) {
  EXPECT_DOUBLE_EQ(at("constant", 30), 1);
  EXPECT_DOUBLE_EQ(at("{step: {step_size: 10}}", 30), 1e-3);
  EXPECT_DOUBLE_EQ(at("{multi_step: {milestones: [10, 20], gamma: 0.5}}", 30), 0.25);
  EXPECT_DOUBLE_EQ(at("{exponential: {gamma: 0.5}}", 3), 0.125);
  EXPECT_NEAR(at("cosine_annealing", 20), 0.5, 1e-15);
  EXPECT_NEAR(at("{cosine_annealing: {t_max: 10, eta_min: 0.5}}", 10), 0.5, 1e-15);
  EXPECT_NEAR(at("{cosine_warm_restarts: {t_0: 4, t_mult: 2}}", 8), 0.5, 1e-15);
  EXPECT_DOUBLE_EQ(at("linear_warmup", 0), 1.0 / 3);
  EXPECT_DOUBLE_EQ(at("{polynomial: {power: 2}}", 20), 0.25);
  EXPECT_DOUBLE_EQ(at("{one_cycle: {max_lr: 5, pct_start: 0.5}}", 19), 5);
  EXPECT_DOUBLE_EQ(at("{one_cycle: {max_lr: 5, anneal_strategy: linear}}", 0), 0.2);
  EXPECT_DOUBLE_EQ(at("{cyclic: {max_lr: 3, step_size_up: 4}}", 2), 2);
  EXPECT_DOUBLE_EQ(at("{cyclic: {max_lr: 3, step_size_up: 4, mode: triangular2}}", 12), 2);
}

TEST_F(Schedules, TakeTheKeysThatAllHave) {
  const auto bare = only("constant");
  EXPECT_EQ(bare.hyper, "lr");
  EXPECT_FALSE(bare.every_step);
  EXPECT_EQ(bare.warmup, 0u);
  const auto given = only("{constant: {hyper: momentum, per: step, warmup: 9}}");
  EXPECT_EQ(given.hyper, "momentum");
  EXPECT_TRUE(given.every_step);
  EXPECT_EQ(given.warmup, 9u);
}

TEST_F(Schedules, MayBeSeveral) {
  const auto all = settings({{"train",
                              "{epochs: 40, schedule: [cosine_annealing, {linear_warmup: {hyper: "
                              "momentum}}]}"}});
  ASSERT_EQ(all.train.schedules.size(), 2u);
  EXPECT_EQ(all.train.schedules[1].hyper, "momentum");
}

TEST_F(Schedules, MayBeAxes) {
  const auto experiment = read(
      text({{"train",
             "{epochs: 40, schedule: {grid: [constant, {step: {step_size: {grid: [5, 10]}}}]}}"}}));
  EXPECT_EQ(experiment.size(), 3u);
  EXPECT_EQ(values(experiment, "train.schedule"), (std::vector<json>{"constant", "step", "step"}));
  EXPECT_EQ(values(experiment, "train.schedule.step.step_size"),
            (std::vector<json>{nullptr, 5, 10}));
}

TEST_F(Schedules, ArePartOfWhatAPointIs) {
  const auto bare = resolved(text());
  EXPECT_FALSE(bare["train"].contains("schedule"));
  for (const std::string key :
       {"schedule: cosine_annealing", "clip_norm: 1", "clip_value: 1", "ema: 0.9"})
    EXPECT_NE(resolved(text({{"train", "{epochs: 40, " + key + "}"}})), bare) << key;
}

TEST_F(Schedules, SayWhatIsWrong) {
  EXPECT_EQ(schedule_problems("cosine_anealing"),
            Texts{"6:31: schedule 'cosine_anealing' is not known; did you mean "
                  "'cosine_annealing'?"});
  EXPECT_EQ(schedule_problems("{cosine_annealing: {tmax: 3}}"),
            Texts{"6:51: unknown key 'tmax' in schedule 'cosine_annealing'; did you mean "
                  "'t_max'?"});
  EXPECT_EQ(schedule_problems("step"),
            Texts{"6:31: schedule 'step' needs the key 'step_size', as in `step_size: 30`"});
  EXPECT_EQ(schedule_problems("{exponential: {gamma: 0}}"),
            Texts{"6:53: train.schedule.exponential.gamma = 0 is outside (0, inf)"});
}

TEST_F(Schedules, FitTheOptimizer) {
  EXPECT_EQ(
      schedule_problems("{constant: {hyper: momentun}}"),
      Texts{"6:50: optimizer 'sgd' has no hyperparameter 'momentun'; did you mean 'momentum'?"});
  EXPECT_EQ(
      schedule_problems("{constant: {hyper: nesterov}}"),
      Texts{"6:50: optimizer 'sgd': nesterov is not a real number, so no schedule can change it"});
  EXPECT_EQ(schedule_problems("[constant, cosine_annealing]"),
            Texts{"6:42: lr follows two schedules; give it one, which may rise first, such as "
                  "cosine_annealing: {warmup: 5}"});
  EXPECT_EQ(schedule_problems("{one_cycle: {max_lr: 2, hyper: momentum}}"),
            Texts{"6:52: train.schedule.one_cycle.max_lr: momentum = 2 is outside [0, 1]"});
}

TEST_F(Schedules, OnPlateausWatchEpochs) {
  EXPECT_EQ(schedule_problems("{reduce_on_plateau: {patience: 2, per: step}}"),
            Texts{"6:70: train.schedule.reduce_on_plateau.per: step has no effect: the metric is "
                  "watched once an epoch, and patience and cooldown count epochs; leave per out "
                  "(step is for a warmup in steps)"});
  EXPECT_EQ(schedule_problems("[{reduce_on_plateau: {per: step}}]"),
            Texts{"6:58: train.schedule.0.reduce_on_plateau.per: step has no effect: the metric "
                  "is watched once an epoch, and patience and cooldown count epochs; leave per "
                  "out (step is for a warmup in steps)"});
  EXPECT_EQ(schedule_problems("{reduce_on_plateau: {per: step, warmup: 9}}"), Texts{});
  EXPECT_EQ(schedule_problems("{reduce_on_plateau: {per: epoch}}"), Texts{});
}

TEST_F(Schedules, GoWithClippingAndAveraging) {
  const auto all =
      settings({{"train", "{epochs: 40, clip_norm: 2, clip_value: 0.5, ema: 0.99}"}}).train;
  EXPECT_EQ(all.clip_norm, 2);
  EXPECT_EQ(all.clip_value, 0.5);
  EXPECT_EQ(all.ema, 0.99);
  EXPECT_EQ(problems({{"train", "{epochs: 40, clip_norm: 0, ema: 1}"}}),
            (Texts{"6:32: train.clip_norm = 0 is outside (0, inf)",
                   "6:40: train.ema = 1 is outside [0, 1)"}));
}

TEST_F(Schedules, AverageOnce) {
  EXPECT_EQ(problems({{"optimizer", "asgd"}, {"train", "{epochs: 40, ema: 0.9}"}}),
            Texts{"6:26: optimizer 'asgd' averages the weights by itself; leave out train.ema"});
}

}  // namespace
}  // namespace descent::testing
