// SPDX-License-Identifier: MIT
// A point's configuration is its meaning, not its spelling.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using Identity = ExperimentFile;

constexpr const char* plain = R"(experiment: a
data: {synthetic: {function: x, x: {uniform: [0, 1]}, train: 8}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {sgd: {lr: 0.01, momentum: 0.5}}
train: {epochs: 3000}
)";

TEST_F(Identity, OrderCommentsAndSpellingSayNothing) {
  const std::string other = R"(# another order, another spelling
train:
  epochs: 3.0e3   # three thousand
optimizer:
  sgd:
    momentum: 0.50
    lr: 1e-2
loss: {mse: {}}
model: {layers: [{linear: {bias: true, units: 1}}]}
data: {synthetic: {train: 8, x: {uniform: [0.0, +1]}, function: "x"}}
experiment: b
description: the same thing
)";
  EXPECT_EQ(resolved(plain).dump(), resolved(other).dump());
}

TEST_F(Identity, ADefaultSpelledOutSaysNothing) {
  const std::string full = R"(experiment: a
seed: 0
dtype: float32
data: {synthetic: {function: x, dims: 1, x: {uniform: [0, 1]}, noise: none, train: 8, test: 0}}
features: []
model: {layers: [{linear: 1}], init: torch}
loss: {mse: {reduction: mean}}
optimizer: {sgd: {lr: 0.01, momentum: 0.5, nesterov: false, dampening: 0, weight_decay: 0}}
regularizer: none
train: {epochs: 3000, batch: full}
replicates: {count: 1, resample: fresh, vary: [order, data, init]}
record: {every: 150, weights: false}
)";
  EXPECT_EQ(resolved(plain).dump(), resolved(full).dump());
}

TEST_F(Identity, ThePlaceOfTheFileSaysNothingButDataAreFoundNextToIt) {
  const auto content = text({{"data", "{csv: {path: data/a.csv, target: y}}"}});
  const auto here =
      experiment::Experiment::read(write("here/a.yaml", content), {}, catalog_).point(0);
  const auto there =
      experiment::Experiment::read(write("there/b.yaml", content), {}, catalog_).point(0);
  EXPECT_EQ(here.configuration.dump(), there.configuration.dump());
  EXPECT_EQ(here.configuration["data"]["csv"]["path"], "data/a.csv");
  EXPECT_EQ(std::get<data::CsvSpec>(here.settings.data).path,
            (folder_ / "here/data/a.csv").string());
  EXPECT_EQ(std::get<data::CsvSpec>(there.settings.data).path,
            (folder_ / "there/data/a.csv").string());
}

TEST_F(Identity, HowManyReplicatesAndHowLongTheyMayTakeSaysNothing) {
  EXPECT_EQ(resolved(plain).dump(), resolved(plain, {"replicates=50", "train.timeout=30s"}).dump());
}

TEST_F(Identity, WhatChangesAResultChangesIt) {
  const auto base = resolved(plain).dump();
  for (const std::string change :
       {"seed=1", "dtype=float64", "train.epochs=3001", "train.batch=4", "optimizer.lr=0.011",
        "replicates.resample=none", "replicates.vary=[data]", "record.every=7",
        "record.weights=true", "loss=l1", "loss.reduction=sum", "regularizer=l2",
        "data.synthetic.function=2*x", "model.init=zeros", "features=[standardize]"})
    EXPECT_NE(base, resolved(plain, {change}).dump()) << change;
}

TEST_F(Identity, AnAxisValueIsTheSameAsTheValueAlone) {
  const auto grid = read(plain, {"optimizer.lr={logspace: [1e-4, 1, 5]}"});
  EXPECT_EQ(grid.point(2).configuration.dump(), resolved(plain).dump());
}

}  // namespace
}  // namespace descent::testing
