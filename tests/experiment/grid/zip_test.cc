// SPDX-License-Identifier: MIT
// Axes of one name advance together.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using Zip = ExperimentFile;
using Values = std::vector<json>;

TEST_F(Zip, AxesOfOneNameAdvanceTogether) {
  const auto experiment =
      read(text({{"optimizer", "{sgd: {lr: {grid: [0.1, 0.2, 0.3], zip: size}}}"},
                 {"train", "{epochs: {grid: [30, 20, 10], zip: size}}"},
                 {"seed", "{grid: [1, 2]}"}}));
  EXPECT_EQ(experiment.size(), 6u);
  EXPECT_EQ(values(experiment, "optimizer.lr"), (Values{0.1, 0.1, 0.2, 0.2, 0.3, 0.3}));
  EXPECT_EQ(values(experiment, "train.epochs"), (Values{30, 30, 20, 20, 10, 10}));
  EXPECT_EQ(values(experiment, "seed"), (Values{1, 2, 1, 2, 1, 2}));
  EXPECT_EQ(experiment.swept(), (Texts{"optimizer.lr", "train.epochs", "seed", "record.every"}));
}

TEST_F(Zip, SpacesZipTooAndNamesAreIndependent) {
  const auto experiment = read(
      text({{"optimizer",
             "{sgd: {lr: {logspace: [0.1, 0.001, 3], zip: a}, momentum: {linspace: [0, 0.8, 3], "
             "zip: a}, weight_decay: {grid: [0, 0.1], zip: b}}}"},
            {"train", "{epochs: 40, batch: {grid: [2, 4], zip: b}}"}}));
  EXPECT_EQ(experiment.size(), 6u);
  EXPECT_EQ(values(experiment, "optimizer.lr"), (Values{0.1, 0.1, 0.01, 0.01, 0.001, 0.001}));
  EXPECT_EQ(values(experiment, "optimizer.momentum"), (Values{0.0, 0.0, 0.4, 0.4, 0.8, 0.8}));
  EXPECT_EQ(values(experiment, "train.batch"), (Values{2, 4, 2, 4, 2, 4}));
}

TEST_F(Zip, APointThatHoldsNoneOfThemIsPlannedOnce) {
  const auto experiment = read(text(
      {{"optimizer",
        "{grid: [{sgd: {lr: {grid: [0.1, 0.2], zip: a}, momentum: {grid: [0.5, 0.9], zip: a}}}, "
        "adam]}"}}));
  EXPECT_EQ(experiment.size(), 3u);
  EXPECT_EQ(values(experiment, "optimizer"), (Values{"sgd", "sgd", "adam"}));
  EXPECT_EQ(values(experiment, "optimizer.lr"), (Values{0.1, 0.2, 0.001}));
  EXPECT_EQ(values(experiment, "optimizer.momentum"), (Values{0.5, 0.9, nullptr}));
}

TEST_F(Zip, AChoiceMayHoldAxesOfItsOwn) {
  const auto experiment =
      read(text({{"optimizer", "{grid: [{sgd: {lr: {grid: [0.1, 0.2]}}}, adam], zip: a}"},
                 {"train", "{epochs: {grid: [10, 20], zip: a}}"},
                 {"seed", "{grid: [1, 2]}"}}));
  EXPECT_EQ(experiment.size(), 6u);
  EXPECT_EQ(values(experiment, "optimizer"), (Values{"sgd", "sgd", "sgd", "sgd", "adam", "adam"}));
  EXPECT_EQ(values(experiment, "optimizer.lr"), (Values{0.1, 0.1, 0.2, 0.2, 0.001, 0.001}));
  EXPECT_EQ(values(experiment, "train.epochs"), (Values{10, 10, 10, 10, 20, 20}));
}

TEST_F(Zip, ValuesMayRepeatWhereTheyDoNotAlone) {
  EXPECT_EQ(values(read(text({{"optimizer", "{sgd: {lr: {grid: [0.1, 0.1, 0.2], zip: a}}}"},
                              {"seed", "{grid: [1, 2, 1], zip: a}"}})),
                   "seed"),
            (Values{1, 2, 1}));
  EXPECT_EQ(problems({{"optimizer", "{sgd: {lr: {grid: [0.1, 0.1, 0.2], zip: a}}}"},
                      {"seed", "{grid: [1, 1, 1], zip: a}"}})
                .size(),
            1u);
}

TEST_F(Zip, StandsInTheBlocksOfAUnionAndInOverrides) {
  const auto experiment =
      read(text({{"optimizer", "{sgd: {lr: {grid: [0.1, 0.2], zip: a}}}"},
                 {"train", "{epochs: {grid: [10, 20], zip: a}}"},
                 {"union", "[{loss: l1}, {loss: mse, seed: {grid: [1, 2], zip: a}}]"}}));
  EXPECT_EQ(experiment.size(), 4u);
  EXPECT_EQ(values(experiment, "seed"), (Values{0, 1, 0, 2}));
  const auto overridden =
      read(text(), {"optimizer.lr={grid: [0.1, 0.2], zip: a}", "seed={grid: [1, 2], zip: a}"});
  EXPECT_EQ(values(overridden, "seed"), (Values{1, 2}));
}

TEST_F(Zip, LengthsMustBeTheSame) {
  EXPECT_EQ(problems({{"optimizer", "{sgd: {lr: {grid: [0.1, 0.2, 0.3], zip: size}}}"},
                      {"train", "{epochs: {linspace: [1, 2, 2], zip: size}}"}}),
            Texts{"6:17: zip 'size': train.epochs (line 6) has 2 values, but optimizer.sgd.lr "
                  "(line 5) has 3; axes that advance together are of one length"});
}

TEST_F(Zip, ANameOfOneAxisOnlyIsAnError) {
  EXPECT_EQ(problems({{"seed", "{grid: [1, 2], zip: size}"}}),
            Texts{"7:7: zip 'size' is the name of this axis only; give the axis it advances "
                  "together with the same name, or leave zip out"});
  EXPECT_EQ(problems({{"optimizer", "{sgd: {lr: {grid: [0.1, 0.2], zip: size}}}"},
                      {"seed", "{grid: [1, 2], zip: sise}"}}),
            (Texts{"5:23: zip 'size' is the name of this axis only; did you mean 'sise'?",
                   "7:7: zip 'sise' is the name of this axis only; did you mean 'size'?"}));
  EXPECT_EQ(problems({{"seed", "{grid: [1, 2], zip: [a]}"}}),
            Texts{"7:27: zip: expected a name, which the axes that advance together share, found "
                  "a list"});
}

TEST_F(Zip, AMillionZippedPointsAreNumbered) {
  const auto experiment =
      read(text({{"optimizer",
                  "{sgd: {lr: {logspace: [0.001, 1, 1000], zip: a}, momentum: {linspace: [0, 0.9, "
                  "1000], zip: a}}}"},
                 {"regularizer", "{l2: {lambda: {logspace: [1.0e-4, 1, 1000]}}}"}}));
  EXPECT_EQ(experiment.size(), 1'000'000u);
  EXPECT_EQ(experiment.variants(), 1u);
  EXPECT_EQ(experiment.identity(567'891), experiment.point(567'891).configuration.dump());
  EXPECT_EQ(experiment.point(999'000).configuration["optimizer"]["momentum"], 0.9);
}

}  // namespace
}  // namespace descent::testing
