// SPDX-License-Identifier: MIT
// PointGrid: the shortcut to a point's identity gives what resolving the point gives.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using Variants = ExperimentFile;

// Every identity of the grid is the text of the point's configuration, every point is counted in
// its variant, and a variant's member is one of it.
void expect_same_points(const experiment::Experiment& experiment) {
  std::vector<std::uint64_t> members(experiment.variants());
  for (std::uint64_t i = 0; i < experiment.size(); ++i) {
    EXPECT_EQ(experiment.identity(i), experiment.point(i).configuration.dump()) << i;
    ++members.at(experiment.variant(i));
  }
  for (std::uint64_t f = 0; f < members.size(); ++f) {
    EXPECT_EQ(experiment.variant_size(f), members[f]) << f;
    EXPECT_EQ(experiment.variant(experiment.member(f)), f);
  }
}

TEST_F(Variants, HyperparametersAndTheBatchAreFree) {
  const auto experiment = read(
      text({{"optimizer", "{sgd: {lr: {logspace: [0.001, 1, 5]}, momentum: {grid: [0, 0.9]}}}"},
            {"regularizer", "[{l1: {lambda: {grid: [1, 2.5]}}}, {l2: {lambda: 0.1}}]"},
            {"train", "{epochs: 40, batch: {grid: [4, full]}}"}}));
  EXPECT_EQ(experiment.size(), 40u);
  EXPECT_EQ(experiment.variants(), 1u);
  expect_same_points(experiment);
}

TEST_F(Variants, OtherAxesMakeThem) {
  const auto experiment =
      read(text({{"seed", "{linspace: [1, 3, 3]}"},
                 {"optimizer",
                  "{grid: [{sgd: {lr: {grid: [0.1, 0.2]}}}, adam, {adam: {grid: [{lr: 0.5}, {lr: "
                  "{linspace: [1, 2, 3]}}]}}]}"},
                 {"regularizer",
                  "{grid: [none, {l2: {lambda: {grid: [1, 2]}, on: {grid: [all, weights]}}}]}"},
                 {"replicates", "3"}}));
  EXPECT_EQ(experiment.size(), 3u * 7 * 5);
  EXPECT_EQ(experiment.variants(), 3u * 4 * 3);
  expect_same_points(experiment);
}

TEST_F(Variants, AUnionsBlocksHaveVariantsOfTheirOwn) {
  const auto experiment =
      read(text({{"optimizer", "{sgd: {lr: {grid: [0.1, 0.2]}}}"},
                 {"union", "[{loss: l1}, {train: {epochs: 40, batch: {grid: [2, 4]}}}]"}}));
  EXPECT_EQ(experiment.variants(), 2u);
  expect_same_points(experiment);
}

TEST_F(Variants, AxesThatAdvanceTogetherAreFreeIfAllOfThemAre) {
  const auto free = read(
      text({{"optimizer",
             "{grid: [{sgd: {lr: {grid: [0.1, 0.2], zip: a}, momentum: {grid: [0.5, 0.9], zip: "
             "a}}}, {adam: {lr: {grid: [0.3, 0.4], zip: a}}}, adagrad]}"},
            {"train", "{epochs: 40, batch: {grid: [2, 4], zip: b}}"},
            {"regularizer", "{l2: {lambda: {grid: [1, 2], zip: b}}}"}}));
  EXPECT_EQ(free.size(), 2u * 5);
  EXPECT_EQ(free.variants(), 3u);
  expect_same_points(free);
  const auto bound = read(text({{"optimizer", "{sgd: {lr: {grid: [0.1, 0.2], zip: a}}}"},
                                {"regularizer", "{l2: {lambda: {grid: [1, 2, 3]}}}"},
                                {"seed", "{grid: [1, 2], zip: a}"}}));
  EXPECT_EQ(bound.size(), 6u);
  EXPECT_EQ(bound.variants(), 2u);
  expect_same_points(bound);
}

TEST_F(Variants, AnAliasIsAnAxisWhereverItStands) {
  const auto experiment =
      read(text({{"optimizer", "{sgd: {lr: &rates {grid: [0.1, 0.2]}, momentum: *rates}}"}}));
  EXPECT_EQ(experiment.size(), 4u);
  expect_same_points(experiment);
}

TEST_F(Variants, EveryValueOfAFreeAxisIsChecked) {
  EXPECT_EQ(problems({{"optimizer",
                       "{sgd: {lr: {grid: [x, 0.1, -1, 0.1]}, momentum: {grid: [0.5, "
                       "true]}}}"},
                      {"train", "{epochs: 40, batch: {linspace: [1, 2, 3]}}"}}),
            (Texts{"5:31: optimizer.sgd.lr: expected a number in [0, 1000000], found 'x'",
                   "5:39: optimizer.sgd.lr = -1 is outside [0, 1000000]",
                   "5:43: the grid has the value 0.1 twice",
                   "5:73: optimizer.sgd.momentum: expected a number in [0, 1], found 'true'",
                   "6:28: train.batch: expected a whole number >= 1 or full, and {linspace: [1, 2, "
                   "3]} has fractions; for whole numbers write {integers: [1, 2, 2]}"}));
}

TEST_F(Variants, EveryValueOfALongSpaceOfWholeNumbersIsChecked) {
  const auto found = problems({{"train", "{epochs: 40, batch: {linspace: [1, 60000, 60001]}}"}});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().substr(0, 46), "6:28: train.batch: expected a whole number >= ");
}

TEST_F(Variants, PointsOfTwoVariantsMayBeTheSame) {
  EXPECT_EQ(
      problems({{"optimizer", "{grid: [{sgd: {lr: {grid: [0.1, 0.2]}}}, {sgd: {lr: 0.2}}]}"}}),
      Texts{"5:64: the grid has the value 0.2 twice"});
}

}  // namespace
}  // namespace descent::testing
