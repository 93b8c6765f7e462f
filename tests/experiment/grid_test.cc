// SPDX-License-Identifier: MIT
// Axes: how many points, in which order, with which values.
#include <sys/resource.h>

#include "experiment/support.h"

namespace descent::testing {
namespace {

using Grid = ExperimentFile;
using Values = std::vector<json>;

TEST_F(Grid, TheLastAxisVariesFastest) {
  const auto experiment = read(text({{"seed", "{grid: [1, 2]}"},
                                     {"optimizer", "{sgd: {lr: {grid: [0.1, 0.2, 0.3]}}}"},
                                     {"train", "{epochs: 40, batch: {grid: [4, 8]}}"}}));
  EXPECT_EQ(experiment.size(), 12u);
  EXPECT_EQ(values(experiment, "optimizer.lr"),
            (Values{0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3, 0.3}));
  EXPECT_EQ(values(experiment, "train.batch"), (Values{4, 4, 8, 8, 4, 4, 8, 8, 4, 4, 8, 8}));
  EXPECT_EQ(values(experiment, "seed"), (Values{1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2}));
  EXPECT_EQ(experiment.swept(), (Texts{"optimizer.lr", "train.batch", "seed"}));
}

TEST_F(Grid, AnAxisInsideAPluginVariesOnlyThere) {
  const auto experiment =
      read(text({{"optimizer", "{grid: [{sgd: {lr: {grid: [0.1, 0.01]}}}, adam]}"}}));
  EXPECT_EQ(experiment.size(), 3u);
  EXPECT_EQ(values(experiment, "optimizer"), (Values{"sgd", "sgd", "adam"}));
  EXPECT_EQ(values(experiment, "optimizer.lr"), (Values{0.1, 0.01, 0.001}));
  EXPECT_EQ(experiment.swept(), (Texts{"optimizer", "optimizer.lr"}));
}

TEST_F(Grid, AGridMayHoldAGrid) {
  const auto experiment =
      read(text({{"seed", "{grid: [1, {grid: [2, 3]}, {linspace: [4, 6, 3]}]}"}}));
  EXPECT_EQ(values(experiment, "seed"), (Values{1, 2, 3, 4, 5, 6}));
}

TEST_F(Grid, AxesStandInListsAndIntervals) {
  const auto experiment = read(text(
      {{"data", "{synthetic: {function: x, x: {uniform: [0, {grid: [1, 2]}]}, train: 8}}"},
       {"model", "{layers: [{linear: {grid: [8, 16]}}, {grid: [tanh, relu]}, {linear: 1}]}"}}));
  EXPECT_EQ(experiment.size(), 8u);
  EXPECT_EQ(experiment.swept(),
            (Texts{"data.synthetic.x.uniform.1", "model.layers.0.linear", "model.layers.1"}));
  EXPECT_EQ(values(experiment, "model.layers.0.linear"), (Values{8, 8, 16, 16, 8, 8, 16, 16}));
  EXPECT_EQ(values(experiment, "model.layers.1"),
            (Values{"tanh", "relu", "tanh", "relu", "tanh", "relu", "tanh", "relu"}));
}

TEST_F(Grid, LinspaceEndsAreExact) {
  const auto lr =
      values(read(text({{"optimizer", "{sgd: {lr: {linspace: [0.1, 0.7, 7]}}}"}})), "optimizer.lr");
  EXPECT_EQ(lr, (Values{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}));
  const auto down =
      values(read(text({{"optimizer", "{sgd: {lr: {linspace: [1, 0, 3]}}}"}})), "optimizer.lr");
  EXPECT_EQ(down, (Values{1.0, 0.5, 0.0}));
}

TEST_F(Grid, LogspaceGivesTheValuesAtItsEnds) {
  const auto lr = values(read(text({{"optimizer", "{sgd: {lr: {logspace: [1.0e-4, 1, 5]}}}"}})),
                         "optimizer.lr");
  EXPECT_EQ(lr, (Values{0.0001, 0.001, 0.01, 0.1, 1.0}));
  const auto odd =
      values(read(text({{"optimizer", "{sgd: {lr: {logspace: [0.3, 0.7, 4]}}}"}})), "optimizer.lr");
  EXPECT_EQ(odd.front(), 0.3);
  EXPECT_EQ(odd.back(), 0.7);
  EXPECT_NEAR(odd[1].get<double>(), 0.3 * std::pow(7.0 / 3, 1.0 / 3), 1e-15);
}

TEST_F(Grid, WholeNumbersMayBeSpaced) {
  const auto units =
      values(read(text({{"model", "{layers: [{linear: {logspace: [4, 64, 3]}}, {linear: 1}]}"}})),
             "model.layers.0.linear");
  EXPECT_EQ(units, (Values{4, 16, 64}));
}

TEST_F(Grid, ASingleValueIsNotSwept) {
  EXPECT_EQ(read(text({{"seed", "{grid: [3]}"}})).swept(), Texts{});
}

TEST_F(Grid, RegularizersInAListAreSweptByPosition) {
  const auto experiment = read(text(
      {{"regularizer", "[{l1: {lambda: {grid: [1, 2]}}}, {l2: {on: {grid: [weights, all]}}}]"}}));
  EXPECT_EQ(experiment.swept(), (Texts{"regularizer.0.lambda", "regularizer.1.on"}));
}

TEST_F(Grid, WhatOnlySomePointsHaveIsSwept) {
  const auto experiment =
      read(text({{"features", "{grid: [[], [standardize], [{polynomial: {degree: 2}}]]}"}}));
  EXPECT_EQ(experiment.swept(), (Texts{"features.0"}));
  const auto one = read(text({{"features", "{grid: [[], [{polynomial: {degree: 2}}]]}"}}));
  EXPECT_EQ(one.swept(), (Texts{"features.0"}));
}

// t_max and pos_weight have no default, so the choice above them does not say whether they are set.
TEST_F(Grid, AKeyThatOnlySomePointsOfAChoiceSetIsSwept) {
  const auto swept = [&](const std::string& key, const std::string& value) {
    return read(text({{key, value}})).swept();
  };
  EXPECT_EQ(swept("train",
                  "{epochs: 20, schedule: {grid: [cosine_annealing, {cosine_annealing: {t_max: "
                  "5}}, constant]}}"),
            (Texts{"train.schedule", "train.schedule.cosine_annealing.t_max"}));
  EXPECT_EQ(swept("train",
                  "{epochs: 20, schedule: {grid: [cosine_annealing, {cosine_annealing: "
                  "{t_max: 5}}]}}"),
            Texts{"train.schedule.cosine_annealing.t_max"});
  EXPECT_EQ(swept("train",
                  "{epochs: 20, schedule: {grid: [constant, {cosine_annealing: {t_max: "
                  "5}}]}}"),
            Texts{"train.schedule"});
  EXPECT_EQ(swept("loss", "{grid: [hinge, bce_with_logits, {bce_with_logits: {pos_weight: 5}}]}"),
            (Texts{"loss", "loss.pos_weight"}));
}

TEST_F(Grid, AWholeSectionMayBeAnAxis) {
  const auto experiment = read(
      text({{"train", "{grid: [{epochs: 40, batch: 4}, {epochs: 80, batch: full}]}"},
            {"replicates", "{grid: [{count: 3, resample: none}, {count: 5, resample: fresh}]}"}}));
  EXPECT_EQ(experiment.size(), 4u);
  EXPECT_EQ(values(experiment, "train.epochs"), (Values{40, 40, 80, 80}));
  EXPECT_EQ(experiment.point(3).settings.replicates.count, 5u);
  EXPECT_EQ(experiment.swept(),
            (Texts{"train.epochs", "train.batch", "replicates.resample", "record.every"}));
}

TEST_F(Grid, AUnionLaysItsBlocksOverTheFile) {
  const auto experiment = read(
      text({{"seed", "{grid: [1, 2]}"},
            {"union", "[{loss: l1, train: {batch: 4}}, {model: {init: {grid: [zeros, he]}}}]"}}));
  EXPECT_EQ(experiment.size(), 6u);
  EXPECT_EQ(values(experiment, "loss"), (Values{"l1", "l1", "mse", "mse", "mse", "mse"}));
  EXPECT_EQ(values(experiment, "train.batch"), (Values{4, 4, "full", "full", "full", "full"}));
  EXPECT_EQ(values(experiment, "train.epochs"), (Values{40, 40, 40, 40, 40, 40}));
  EXPECT_EQ(values(experiment, "model.init"),
            (Values{"torch", "torch", "zeros", "zeros", "he", "he"}));
  EXPECT_EQ(read(text({{"union", "[{loss: l1}, {loss: mse}]"}}), {"optimizer.lr=0.5"})
                .point(1)
                .configuration["optimizer"]["lr"],
            0.5);
}

TEST_F(Grid, SaysWhatIsWrongWithAnAxis) {
  EXPECT_EQ(problems({{"seed", "{grid: []}"}}),
            Texts{"7:14: grid: expected a list of values, found an empty list"});
  EXPECT_EQ(problems({{"seed", "{grid: 3}"}}),
            Texts{"7:14: grid: expected a list of values, found '3'"});
  EXPECT_EQ(problems({{"seed", "{grid: [1, 2], linspace: [1, 2, 3]}"}}),
            Texts{"7:8: 'grid' must be the only key of its map, except for zip: the axis replaces "
                  "the whole value"});
  EXPECT_EQ(
      problems({{"seed", "{linspace: [1, 2]}"}}),
      Texts{"7:18: linspace: expected three numbers [a, b, n]: both ends and how many values"});
  EXPECT_EQ(problems({{"seed", "{linspace: [1, 2, 1]}"}}),
            Texts{"7:18: linspace: expected a whole number n >= 2 of values, found '1'"});
  EXPECT_EQ(problems({{"seed", "{linspace: [2, 2, 3]}"}}),
            Texts{"7:18: linspace: both ends are 2"});
  EXPECT_EQ(problems({{"seed", "{logspace: [0, 2, 3]}"}}),
            Texts{"7:18: logspace: both ends must be above 0: they are the values at the ends, not "
                  "exponents"});
  EXPECT_EQ(problems({{"seed", "{linspace: [1, 10, 5]}"}}),
            Texts{"7:7: seed: expected a whole number >= 0, and {linspace: [1, 10, 5]} has "
                  "fractions; for whole numbers write {integers: [1, 10, 5]}"});
  EXPECT_EQ(problems({{"experiment", "{grid: [a, b]}"}}),
            Texts{"1:13: experiment cannot be an axis"});
  EXPECT_EQ(problems({{"union", "[{experiment: b}, 3]"}}),
            (Texts{"7:10: union: experiment is the same for all blocks",
                   "7:26: union: expected a map of keys, found '3'"}));
}

TEST_F(Grid, RefusesAPointNamedTwice) {
  EXPECT_EQ(problems({{"seed", "{grid: [1, 2, 1]}"}}),
            Texts{"7:21: the grid has the value 1 twice"});
  EXPECT_EQ(problems({{"optimizer", "{sgd: {lr: {grid: [0.1, 1e-1]}}}"}}),
            Texts{"5:36: the grid values 0.1 and 1e-1 give the same point"});
  EXPECT_EQ(problems({{"optimizer", "{grid: [adam, {adam: {lr: 0.001}}]}"}}),
            Texts{"5:26: the grid values adam and adam: ... give the same point"});
  EXPECT_EQ(problems({{"replicates", "{grid: [10, 20]}"}}),
            Texts{"7:25: the grid values 10 and 20 give the same point"});
}

class LargeGrid : public ExperimentFile {
 protected:
  const std::string million_ =
      text({{"optimizer", "{sgd: {lr: {linspace: [0.001, 1, 1000]}}}"},
            {"regularizer", "{l2: {lambda: {logspace: [1.0e-4, 1, 1000]}}}"}});
};

TEST_F(LargeGrid, AMillionPointsAreReadInBoundedMemory) {
  const auto peak = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;  // KiB
  };
  const auto before = peak();
  const auto experiment = read(million_);
#ifdef __SANITIZE_ADDRESS__
  const long bound = (256 + 64) * 1024;  // it keeps up to 256 MiB of what was freed
#else
  const long bound = 64 * 1024;
#endif
  EXPECT_LT(peak() - before, bound);
  EXPECT_EQ(experiment.size(), 1'000'000u);
  EXPECT_EQ(experiment.swept(), (Texts{"optimizer.lr", "regularizer.lambda"}));
}

TEST_F(LargeGrid, EveryPointIsTheOneOfItsIndex) {
  const auto experiment = read(million_);
  const auto lr_and_lambda = [&](std::uint64_t i) {
    const auto c = experiment.point(i).configuration;
    return std::pair(c["optimizer"]["lr"].get<double>(), c["regularizer"]["lambda"].get<double>());
  };
  EXPECT_EQ(lr_and_lambda(0), std::pair(0.001, 1e-4));
  EXPECT_EQ(lr_and_lambda(999), std::pair(0.001, 1.0));
  EXPECT_EQ(lr_and_lambda(1000), std::pair(0.002, 1e-4));
  EXPECT_EQ(lr_and_lambda(999'999), std::pair(1.0, 1.0));
  EXPECT_THROW(experiment.point(1'000'000), Error);
}

TEST_F(LargeGrid, EveryChoiceOfEveryAxisIsChecked) {
  const auto million = text({{"optimizer", "{sgd: {lr: {linspace: [0.1, 1, 30000]}}}"},
                             {"train", "{epochs: {grid: [1, 2, x]}}"},
                             {"seed", "{grid: [1, 2, 1]}"}});
  EXPECT_EQ(problems(million), (Texts{"6:31: train.epochs: expected a whole number >= 1, found 'x'",
                                      "7:21: the grid has the value 1 twice"}));
}

TEST_F(LargeGrid, TooManyPointsAreRefused) {
  EXPECT_EQ(problems({{"seed", "{linspace: [0, 1, 1000000000]}"},
                      {"train", "{epochs: {linspace: [1, 2, 1000000000]}}"}}),
            Texts{"file: the grid has 10^12 points or more"});
}

}  // namespace
}  // namespace descent::testing
