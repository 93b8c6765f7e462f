// SPDX-License-Identifier: MIT
// --set path=value, in every form.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using Override = ExperimentFile;
using Values = std::vector<json>;

TEST_F(Override, ReplacesAndAddsValues) {
  const auto c = resolved(text(), {"train.epochs=10", "seed=7", "record.weights=true",
                                   "data.synthetic.noise.normal=0.5", "model.init={normal: 0.1}"});
  EXPECT_EQ(c["train"]["epochs"], 10);
  EXPECT_EQ(c["seed"], 7);
  EXPECT_EQ(c["record"]["weights"], true);
  EXPECT_EQ(c["data"]["synthetic"]["noise"]["normal"], 0.5);
  EXPECT_EQ(c["model"]["init"]["normal"], 0.1);
}

TEST_F(Override, ThePluginMayBeNamedOrLeftOut) {
  for (const std::string written : {"sgd", "{sgd: {momentum: 0.5}}", "{sgd: {lr: 3}}"})
    for (const std::string path : {"optimizer.lr", "optimizer.sgd.lr"}) {
      const auto c = resolved(text({{"optimizer", written}}), {path + "=0.25"});
      EXPECT_EQ(c["optimizer"]["name"], "sgd");
      EXPECT_EQ(c["optimizer"]["lr"], 0.25) << written << " " << path;
    }
}

TEST_F(Override, KeepsTheOtherHyperparameters) {
  const auto c =
      resolved(text({{"optimizer", "{sgd: {lr: 3, momentum: 0.5}}"}}), {"optimizer.lr=1"});
  EXPECT_EQ(c["optimizer"]["momentum"], 0.5);
}

TEST_F(Override, ReplacesAPlugin) {
  EXPECT_EQ(resolved(text(), {"optimizer=adam"})["optimizer"]["name"], "adam");
  EXPECT_EQ(resolved(text(), {"optimizer={adam: {lr: 0.5}}"})["optimizer"]["lr"], 0.5);
  EXPECT_EQ(resolved(text(), {"optimizer.adam={lr: 0.5}"})["optimizer"]["name"], "adam");
  EXPECT_EQ(resolved(text(), {"regularizer.l2.lambda=0.5"})["regularizer"]["lambda"], 0.5);
}

TEST_F(Override, MakesAnAxis) {
  const auto names = read(text(), {"optimizer={grid: [adam, sgd]}"});
  EXPECT_EQ(values(names, "optimizer"), (Values{"adam", "sgd"}));
  EXPECT_EQ(names.swept(), Texts{"optimizer"});
  const auto rates = read(text(), {"optimizer.lr={logspace: [1e-2, 1, 3]}"});
  EXPECT_EQ(values(rates, "optimizer.lr"), (Values{0.01, 0.1, 1.0}));
  const auto both = read(text({{"seed", "{grid: [1, 2]}"}}),
                         {"train.batch={grid: [2, 4]}", "seed={grid: [3, 4]}"});
  EXPECT_EQ(both.size(), 4u);
}

TEST_F(Override, ReachesEveryChoiceOfAGrid) {
  const auto file = text({{"optimizer", "{grid: [{sgd: {lr: {grid: [0.1, 0.2]}}}, adam]}"}});
  const auto experiment = read(file, {"optimizer.lr=0.5"});
  EXPECT_EQ(values(experiment, "optimizer"), (Values{"sgd", "adam"}));
  EXPECT_EQ(values(experiment, "optimizer.lr"), (Values{0.5, 0.5}));
}

TEST_F(Override, ANamedPluginChangesOnlyThatChoiceOfAGrid) {
  const auto file = text({{"optimizer", "{grid: [sgd, adam]}"}});
  EXPECT_EQ(values(read(file, {"optimizer.sgd.lr=0.5"}), "optimizer.lr"), (Values{0.5, 0.001}));
  EXPECT_EQ(problems(file, {"optimizer.rmsprop.lr=1"}),
            Texts{"--set optimizer.rmsprop.lr=1: the grid of optimizer has no choice 'rmsprop'"});
}

TEST_F(Override, CountsListPositionsFromZero) {
  const auto file =
      text({{"model", "{layers: [{linear: 8}, tanh, {linear: 1}]}"}, {"regularizer", "[l1, l2]"}});
  const auto c = resolved(file, {"model.layers.0.linear=32", "model.layers.1=relu",
                                 "model.layers.2.bias=false", "regularizer.1.lambda=5"});
  EXPECT_EQ(c["model"]["layers"][0]["linear"], 32);
  EXPECT_EQ(c["model"]["layers"][1]["name"], "relu");
  EXPECT_EQ(c["model"]["layers"][2]["linear"], 1);
  EXPECT_EQ(c["model"]["layers"][2]["bias"], false);
  EXPECT_EQ(c["regularizer"][1]["lambda"], 5.0);
  EXPECT_EQ(resolved(file, {"model.layers.0.units=5"})["model"]["layers"][0]["linear"], 5);
  EXPECT_EQ(
      problems(file, {"model.layers.3=relu"}),
      Texts{"--set model.layers.3=relu: model.layers is a list of 3; its positions are numbers "
            "from 0, found '3'; model.layers+=value appends one"});
}

TEST_F(Override, AppendsToAList) {
  EXPECT_EQ(resolved(text(), {"features+=standardize", "features+={scale: 2}"})["features"],
            resolved(text({{"features", "[standardize, {scale: 2}]"}}))["features"]);
  const auto c = resolved(text({{"regularizer", "l1"}}), {"regularizer+={l2: {lambda: 3}}"});
  EXPECT_EQ(c["regularizer"][0]["name"], "l1");
  EXPECT_EQ(c["regularizer"][1]["lambda"], 3.0);
  EXPECT_EQ(read(text({{"features", "{grid: [[], [standardize]]}"}}), {"features+={scale: 2}"})
                .point(1)
                .configuration["features"]
                .size(),
            2u);
  EXPECT_EQ(problems(Lines{}, {"seed+=1"}),
            Texts{"--set seed+=1: seed is not a list to append to, but a whole number >= 0"});
  EXPECT_EQ(problems({{"seed", "4"}}, {"seed+=1"}),
            Texts{"--set seed+=1: seed is not a list to append to, but '4'"});
}

TEST_F(Override, ReachesIntoAnAxis) {
  const auto file = text({{"optimizer", "{sgd: {lr: {grid: [1, 2]}}}"}});
  EXPECT_EQ(values(read(file, {"optimizer.lr.grid.1=5"}), "optimizer.lr"), (Values{1, 5}));
  EXPECT_EQ(values(read(file, {"optimizer.lr.grid+=3"}), "optimizer.lr"), (Values{1, 2, 3}));
  EXPECT_EQ(values(read(file, {"optimizer.lr.grid=[7]"}), "optimizer.lr"), (Values{7}));
  EXPECT_EQ(
      problems(file, {"optimizer.lr.grid.2=5"}),
      Texts{"--set optimizer.lr.grid.2=5: optimizer.lr.grid is a list of 2; its positions are "
            "numbers from 0, found '2'; optimizer.lr.grid+=value appends one"});
}

TEST_F(Override, ReachesAllBlocksOfAUnionOrOne) {
  const auto file = text({{"union", "[{seed: 1}, {seed: 2, train: {batch: 2}}]"}});
  EXPECT_EQ(values(read(file, {"train.epochs=3"}), "train.epochs"), (Values{3, 3}));
  EXPECT_EQ(values(read(file, {"union.1.train.epochs=3"}), "train.epochs"), (Values{40, 3}));
  EXPECT_EQ(values(read(file, {"union+={seed: 5}"}), "seed"), (Values{1, 2, 5}));
  EXPECT_EQ(values(read(file, {"union=[{seed: 8}]"}), "seed"), (Values{8}));
  EXPECT_EQ(values(read(text(), {"union=[{seed: 1}, {seed: 8}]"}), "seed"), (Values{1, 8}));
}

TEST_F(Override, GoesIntoADefault) {
  EXPECT_EQ(resolved(text(), {"replicates.vary.2=data", "replicates.vary.0=order"}),
            resolved(text()));
  EXPECT_EQ(problems(text(), {"replicates.vary.1=data"}),
            Texts{"--set replicates.vary.1=data: replicates.vary: 'data' is given twice"});
  EXPECT_EQ(resolved(text({{"replicates", "3"}}), {"replicates.vary=[init]"})["replicates"]["vary"],
            (json{"init"}));
}

TEST_F(Override, TakesFreeTextAsItStands) {
  const auto name = read(text(), {"description=ridge: with [a penalty"});
  EXPECT_EQ(name.description(), "ridge: with [a penalty");
  EXPECT_EQ(read(text(), {"experiment=other"}).name(), "other");
  const auto c = resolved(text(), {"data.synthetic.function=x > 0.5 ? 1 : 0"});
  EXPECT_EQ(c["data"]["synthetic"]["function"], "x > 0.5 ? 1 : 0");
  const auto two =
      resolved(text({{"model", "{layers: [{linear: 2}]}"}}), {"data.synthetic.function=[x, 2*x]"});
  EXPECT_EQ(two["data"]["synthetic"]["function"], (json{"x", "2*x"}));
  EXPECT_EQ(problems(text(), {"data.synthetic.function=[x, 2*x"}).size(), 1u);
  EXPECT_EQ(problems(text(), {"description={grid: [a, b]}"}),
            Texts{"--set description={grid: [a, b]}: description cannot be an axis"});
}

TEST_F(Override, TakesWordsThatAreNotYaml) {
  const auto file = text({{"data", "{csv: {path: a.csv, target: y}}"}});
  EXPECT_EQ(resolved(file, {"data.csv.decimal=,"})["data"]["csv"]["decimal"], ",");
  EXPECT_EQ(resolved(file, {"data.csv.thousands='"})["data"]["csv"]["thousands"], "'");
}

TEST_F(Override, ReachesWhatIsMerged) {
  const auto file = "x-a: &a {epochs: 3, batch: 2}\n" + text({{"train", "{<<: *a}"}});
  EXPECT_EQ(resolved(file, {"train.epochs=9"})["train"]["epochs"], 9);
  EXPECT_EQ(resolved(file, {"train.epochs=9"})["train"]["batch"], 2);
}

TEST_F(Override, ABareValueGrowsIntoItsMap) {
  const auto got =
      read(text({{"replicates", "5"}}), {"replicates.resample=none"}).point(0).settings;
  EXPECT_EQ(got.replicates.count, 5u);
  EXPECT_EQ(got.replicates.resample.scheme, data::Resample::none);
}

TEST_F(Override, LaterOnesWin) { EXPECT_EQ(resolved(text(), {"seed=1", "seed=2"})["seed"], 2); }

TEST_F(Override, CanMendTheFile) {
  EXPECT_EQ(problems(text({{"optimizer", "adm"}}), {"optimizer=adam"}), Texts{});
}

TEST_F(Override, ItsErrorsNameTheOverride) {
  EXPECT_EQ(problems(Lines{}, {"optimizer.momentum=7"}),
            Texts{"--set optimizer.momentum=7: optimizer.sgd.momentum = 7 is outside [0, 1]"});
  EXPECT_EQ(problems(Lines{}, {"train.epoch=7"}),
            Texts{"--set train.epoch=7: unknown key 'epoch' in train; did you mean 'epochs'?"});
  EXPECT_EQ(problems(Lines{}, {"trian.epochs=7"}),
            Texts{"--set trian.epochs=7: unknown key 'trian' in an experiment; did you mean "
                  "'train'?"});
  EXPECT_EQ(problems(Lines{}, {"optimizer=adm"}),
            Texts{"--set optimizer=adm: optimizer 'adm' is not known; did you mean 'adam'?"});
  EXPECT_EQ(problems(Lines{}, {"optimizer.adam.lr=1"}),
            Texts{"--set optimizer.adam.lr=1: optimizer is 'sgd', not 'adam'"});
  EXPECT_EQ(problems(Lines{}, {"seed.x=1"}),
            Texts{"--set seed.x=1: seed is a whole number >= 0, which has no 'x' in it"});
  EXPECT_EQ(problems(Lines{}, {"seed"}),
            Texts{"--set seed: expected path=value, as in optimizer.lr=0.1"});
  EXPECT_EQ(problems(Lines{}, {"seed.=3"}),
            Texts{"--set seed.=3: expected path=value, as in optimizer.lr=0.1"});
  EXPECT_EQ(problems(Lines{}, {"=3"}), Texts{"--set =3: expected path=value, as in "
                                             "optimizer.lr=0.1"});
  EXPECT_EQ(
      problems(Lines{}, {"seed={grid: [1"}),
      Texts{"--set seed={grid: [1: this is not YAML: a '[' is not closed by ']', or a comma is "
            "missing"});
}

}  // namespace
}  // namespace descent::testing
