// SPDX-License-Identifier: MIT
// Anchors, aliases and merge keys, and the keys that are only there to hold them.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using MergeKeys = ExperimentFile;
using Values = std::vector<json>;

TEST_F(MergeKeys, BringTheKeysOfAMap) {
  const auto c = resolved("x-hyperparameters: &hyperparameters {lr: 0.5, momentum: 0.25}\n" +
                          text({{"optimizer", "{sgd: {<<: *hyperparameters}}"}}));
  EXPECT_EQ(c, resolved(text({{"optimizer", "{sgd: {lr: 0.5, momentum: 0.25}}"}})));
}

// An alias stands below its anchor, so what is shared comes first.
std::string with_shared(const std::string& shared, const Lines& changes) {
  return shared + "\n" + text(changes);
}

TEST_F(MergeKeys, OwnKeysWinWhereverTheyStand) {
  for (const std::string written :
       {"{sgd: {<<: *a, lr: 2}}", "{sgd: {lr: 2, <<: *a}}", "{sgd: {lr: 2, \"<<\": *a}}"}) {
    const auto c =
        resolved(with_shared("x-a: &a {lr: 0.5, momentum: 0.25}", {{"optimizer", written}}));
    EXPECT_EQ(c["optimizer"]["lr"], 2) << written;
    EXPECT_EQ(c["optimizer"]["momentum"], 0.25) << written;
  }
}

TEST_F(MergeKeys, TheEarlierMapOfAListWins) {
  const auto c = resolved(with_shared("x-a: &a {lr: 0.5}\nx-b: &b {lr: 0.125, momentum: 0.25}",
                                      {{"optimizer", "{sgd: {<<: [*a, *b]}}"}}));
  EXPECT_EQ(c["optimizer"]["lr"], 0.5);
  EXPECT_EQ(c["optimizer"]["momentum"], 0.25);
}

TEST_F(MergeKeys, MayThemselvesBeMerged) {
  const auto c = resolved(with_shared("x-a: &a {lr: 0.5}\nx-b: &b {<<: *a, momentum: 0.25}",
                                      {{"optimizer", "{sgd: {<<: *b, nesterov: true}}"}}));
  EXPECT_EQ(c["optimizer"]["lr"], 0.5);
  EXPECT_EQ(c["optimizer"]["momentum"], 0.25);
}

TEST_F(MergeKeys, ReplaceWholeValuesBelowTheirKeys) {
  const auto c = resolved(
      "x-a: &a {synthetic: {function: x, x: {uniform: [0, 1]}, train: 5, test: 7}}\n" +
      text({{"data", "{<<: *a, synthetic: {function: x, x: {normal: [0, 1]}, train: 9}}"}}));
  EXPECT_EQ(c["data"]["synthetic"]["train"], 9);
  EXPECT_EQ(c["data"]["synthetic"]["test"]["count"], 0);
}

TEST_F(MergeKeys, BringAxes) {
  const auto experiment =
      read(with_shared("x-a: &a {lr: {grid: [0.5, 0.25]}}",
                       {{"optimizer", "{grid: [{sgd: {<<: *a}}, {adam: {<<: *a}}]}"}}));
  EXPECT_EQ(values(experiment, "optimizer"), (Values{"sgd", "sgd", "adam", "adam"}));
  EXPECT_EQ(values(experiment, "optimizer.lr"), (Values{0.5, 0.25, 0.5, 0.25}));
}

// The order of axes is the order of the file, and what is merged stands where it is merged.
TEST_F(MergeKeys, StandWhereTheyAreNamed) {
  const auto experiment =
      read(with_shared("x-a: &a {lr: {grid: [0.5, 0.25]}}",
                       {{"optimizer", "{sgd: {<<: *a, momentum: {grid: [0, 0.5]}}}"}}));
  EXPECT_EQ(values(experiment, "optimizer.momentum"), (Values{0, 0.5, 0, 0.5}));
}

TEST_F(MergeKeys, AtTheTopOfAFileToo) {
  const auto experiment =
      read("x-base: &base\n  seed: 7\n  dtype: float64\n" + text() + "<<: *base\nreplicates: 3\n");
  EXPECT_EQ(experiment.point(0).configuration["seed"], 7);
  EXPECT_EQ(experiment.point(0).settings.replicates.count, 3u);
}

TEST_F(MergeKeys, NeedAMap) {
  EXPECT_EQ(problems(with_shared("x-a: &a [1]", {{"train", "{<<: *a, epochs: 3}"}})),
            Texts{"1:10: <<: expected a map of keys, or a list of maps, found '1'"});
  EXPECT_EQ(problems({{"train", "{<<: 7, epochs: 3}"}}),
            Texts{"6:13: <<: expected a map of keys, or a list of maps, found '7'"});
  EXPECT_EQ(
      problems(with_shared("x-a: &a {linspace: [1, 2, 2]}", {{"train", "{<<: *a, epochs: 3}"}})),
      Texts{"1:6: <<: expected a map of keys, or a list of maps, found an axis"});
  EXPECT_EQ(problems({{"train", "{<<: , epochs: 3}"}}),
            Texts{"6:13: <<: expected a map of keys, or a list of maps, found nothing"});
}

TEST_F(MergeKeys, LeaveDuplicatesErrors) {
  EXPECT_EQ(
      problems(with_shared("x-a: &a {lr: 1}", {{"optimizer", "{sgd: {<<: *a, lr: 2, lr: 3}}"}})),
      Texts{"6:34: the key 'lr' is given twice, first in line 6"});
  EXPECT_EQ(problems(with_shared("x-a: &a {lr: 1}", {{"optimizer", "{sgd: {<<: *a, <<: *a}}"}})),
            Texts{"6:27: the key '<<' is given twice, first in line 6; merge several maps as `<<: "
                  "[*a, *b]`"});
}

TEST_F(MergeKeys, ErrorsStandWhereTheValueIsWritten) {
  EXPECT_EQ(problems(with_shared("x-a: &a {momentum: 7}", {{"optimizer", "{sgd: {<<: *a}}"}})),
            Texts{"1:20: optimizer.sgd.momentum = 7 is outside [0, 1]"});
}

TEST_F(MergeKeys, OnlyTopKeysThatBeginWithXAreFree) {
  EXPECT_EQ(resolved(text({{"x-note", "{anything: [goes, {here: 1}]}"}})), resolved(text()));
  EXPECT_EQ(problems({{"train", "{epochs: 3, x-note: 1}"}}),
            Texts{"6:20: unknown key 'x-note' in train; valid: epochs, steps, batch, "
                  "replacement, schedule, clip_norm, clip_value, ema, stop, timeout, memory"});
  EXPECT_EQ(problems({{"x-axis", "{grid: 3}"}}),  // parsed all the same
            Texts{"7:16: grid: expected a list of values, found '3'"});
}

TEST_F(MergeKeys, AnOverrideOfAnAnchorReachesWhatNamesIt) {
  const auto file =
      with_shared("x-a: &a {lr: 0.5, momentum: 0.25}\nx-b: &b {<<: *a, nesterov: true}",
                  {{"optimizer", "{grid: [{sgd: {<<: *b}}, {sgd: *a}, {sgd: {lr: 3}}]}"}});
  const auto experiment = read(file, {"x-a.lr=0.75"});
  EXPECT_EQ(values(experiment, "optimizer.lr"), (Values{0.75, 0.75, 3}));
  EXPECT_EQ(values(experiment, "optimizer.momentum"), (Values{0.25, 0.25, 0}));
  EXPECT_EQ(problems(text(), {"x-none.lr=1"}), Texts{"--set x-none.lr=1: no file has a key "
                                                     "'x-none'"});
  EXPECT_EQ(problems(file, {"x-a.momentum=7"}),
            Texts{"--set x-a.momentum=7: optimizer.sgd.momentum = 7 is outside [0, 1]"});
}

}  // namespace
}  // namespace descent::testing
