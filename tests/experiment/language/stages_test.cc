// SPDX-License-Identifier: MIT
// `stages` in experiment files: what is tuned, what is trained again, and what cannot be asked for.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using StagesFile = ExperimentFile;

const std::string validated_line =
    "{synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 8, validation: 4}}";

Lines staged(const std::string& stages) {
  return {{"data", validated_line},
          {"optimizer", "{grid: [{sgd: {lr: {grid: [0.1, 0.2]}}}, adam]}"},
          {"replicates", "3"},
          {"stages", stages}};
}

TEST_F(StagesFile, TunesWithWhatTheyChange) {
  const auto experiment =
      read(text(staged("{tune: {replicates: 5, seed: 7, epochs: 4}, select: {per: optimizer}, "
                       "rerun: {replicates: 10}}")));
  const auto point = experiment.point(0);
  EXPECT_EQ(point.settings.replicates.count, 5u);
  EXPECT_EQ(point.settings.seed, 7u);
  EXPECT_EQ(point.settings.train.epochs, 4u);
  EXPECT_FALSE(point.configuration.contains("stages"));
  ASSERT_TRUE(experiment.stages());
  EXPECT_EQ(experiment.stages()->first, 5u);
  EXPECT_EQ(experiment.stages()->replicates, 10u);
  EXPECT_EQ(experiment.stages()->select.metric, "validation_loss");
  EXPECT_EQ(experiment.stages()->select.per, Texts{"optimizer"});
}

TEST_F(StagesFile, TrainAgainWhatWasChosenOnFreshReplicates) {
  const auto tuned = read(text(staged("{tune: {replicates: 5, epochs: 4}, rerun: 10}")));
  const auto rerun = tuned.rerun({2, 1});
  EXPECT_EQ(rerun.name(), "small-rerun");
  EXPECT_FALSE(rerun.stages());
  EXPECT_EQ(rerun.swept(), tuned.swept());
  ASSERT_EQ(rerun.size(), 2u);
  EXPECT_EQ(rerun.point(0).configuration["optimizer"]["name"], "adam");
  EXPECT_EQ(rerun.point(1).configuration["optimizer"]["lr"], 0.2);
  const auto& settings = rerun.point(0).settings;
  EXPECT_EQ(settings.train.epochs, 40u);
  EXPECT_EQ(settings.replicates.first, 5u);
  EXPECT_EQ(settings.replicates.count, 10u);
  EXPECT_EQ(rerun.identity(1), rerun.point(1).configuration.dump());
}

TEST_F(StagesFile, BeginTheRerunBehindWhatTuningSaw) {
  auto lines = staged("{tune: 6, rerun: 8}");
  lines[2].second = "{count: 4, layout: nested, seeds: 2, first: 2}";
  EXPECT_EQ(read(text(lines)).stages()->first, 8u);
}

TEST_F(StagesFile, ChangeNothingInTheIdentityOfAPoint) {
  auto plain = staged("");
  plain.pop_back();
  EXPECT_EQ(read(text(plain)).identity(0), read(text(staged("{tune: 5, rerun: 10}"))).identity(0));
}

TEST_F(StagesFile, AreReachedByOverrides) {
  const auto experiment = read(text(staged("{tune: 5, rerun: 10}")),
                               {"stages.tune.replicates=2", "stages.select.rule=worst"});
  EXPECT_EQ(experiment.point(0).settings.replicates.count, 2u);
  EXPECT_EQ(experiment.stages()->select.rule, "worst");
}

struct Refused {
  std::string stages, message;
};

TEST_F(StagesFile, GoWithAUnion) {
  const auto file = text(staged("{tune: 2, rerun: 5}")) + "union:\n- {seed: 1}\n- {seed: 2}\n";
  const auto experiment = read(file);
  ASSERT_TRUE(experiment.stages());
  const auto again =
      experiment::Experiment::parse(experiment.file(), experiment.resolved(), {}, catalog_);
  EXPECT_EQ(again.size(), experiment.size());
  EXPECT_TRUE(again.stages());
  EXPECT_EQ(read(file, {"stages.tune.replicates=3"}).point(0).settings.replicates.count, 3u);
  const auto in_block = problems(text(staged("{tune: 2, rerun: 5}")) +
                                 "union:\n- {seed: 1}\n- {stages: {rerun: 6}}\n");
  ASSERT_EQ(in_block.size(), 1u);
  EXPECT_NE(in_block[0].find("or be in a block of union"), std::string::npos) << in_block[0];
}

TEST_F(StagesFile, AndPruneGoWithAUnion) {
  const auto file = text(staged("{tune: 2, rerun: 5}")) + "prune: {asha: {min_epochs: 2}}\n";
  const auto experiment = read(file + "union:\n- {seed: 1}\n- {seed: 2}\n");
  EXPECT_EQ(experiment.size(), 6u);
  EXPECT_TRUE(experiment.stages());
  EXPECT_TRUE(experiment.point(0).settings.prune);
  EXPECT_EQ(experiment.rerun({5}).point(0).settings.seed, 2u);
}

// A loss of wines is in another unit than one of irises.
TEST_F(StagesFile, CompareLossesOfOneDataFileOnly) {
  auto lines = staged("{tune: 2, rerun: 5}");
  lines[0].second = "{csv: {path: {grid: [wine.csv, iris.csv]}, target: y, validation: 0.5}}";
  const auto found = problems(text(lines));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("validation_loss has different units in points that differ in "
                          "data.csv.path; use per: data.csv.path"),
            std::string::npos)
      << found[0];
  lines[3].second = "{tune: 2, select: {per: data.csv.path}, rerun: 5}";
  EXPECT_EQ(problems(text(lines)), Texts{});
}

// Of what is to be predicted, and of its scale, a loss takes its unit, too.
TEST_F(StagesFile, CompareLossesOfOneTargetOnly) {
  const std::string csv = "validation: 0.5, path: wine.csv, ";
  const std::pair<std::string, std::string> all[] = {
      {"data.csv.target", "{csv: {" + csv + "target: {grid: [y, log_y]}}}"},
      {"data.csv.standardize_target",
       "{csv: {" + csv + "target: y, standardize_target: {grid: [false, true]}}}"},
      {"data.synthetic.function",
       "{synthetic: {function: {grid: [5*x, 500*x]}, x: {uniform: [0, 1]}, train: 8, "
       "validation: 4}}"}};
  for (const auto& [path, data] : all)
    for (const std::string key : {"stages", "prune"}) {
      auto lines = staged("{tune: 2, rerun: 5}");
      lines[0].second = data;
      if (key == "prune") lines[3] = {"prune", "{asha: {min_epochs: 1}}"};
      const auto found = problems(text(lines));
      ASSERT_EQ(found.size(), 1u) << path;
      EXPECT_NE(found[0].find("validation_loss has different units in points that differ in " +
                              path + "; use per: " + path),
                std::string::npos)
          << found[0];
    }
}

TEST_F(StagesFile, TellWhatTheyCannotDo) {
  const Refused all[] = {
      {"{select: {metric: test_loss}, rerun: 5}",
       "stages.select.metric: test_loss is measured on the test set, which is for the report "
       "alone: "
       "what is chosen on it looks better than it is; use validation_loss or validation_accuracy"},
      {"{select: {metric: loss}, rerun: 5}", "stages.select.metric: 'loss' is not known"},
      {"{select: {metric: validation_accuracy}, rerun: 5}",
       "stages.select.metric: loss 'mse' does not predict classes, so there is no accuracy"},
      {"{select: {per: optimiser}, rerun: 5}",
       "stages.select.per: the grid does not sweep 'optimiser'"},
      {"{rerun: 999999}", "replicates: first + count = 1000002"},
      {"{tune: {replicates: {grid: [1, 2]}}, rerun: 5}",
       "stages is the same for all points: it cannot contain an axis"},
      {"{tune: 1, select: {rule: upper}, rerun: 5}", "rule: upper needs a standard error"},
      {"{select: {}}", "stages needs the key 'rerun'"}};
  for (const auto& [stages, message] : all) {
    const auto found = problems(staged(stages));
    ASSERT_GE(found.size(), 1u) << stages;
    EXPECT_NE(found[0].find(message), std::string::npos) << found[0];
  }
  auto swept = staged("{tune: {epochs: 3}, rerun: 5}");
  swept.push_back({"train", "{epochs: {grid: [2, 4]}}"});
  EXPECT_NE(problems(swept).at(0).find("train.epochs is an axis of the file, which "
                                       "stages.tune.epochs would take away; leave one of them out"),
            std::string::npos);
  auto losses = staged("{rerun: 5}");
  losses.push_back({"loss", "{grid: [mse, l1]}"});
  EXPECT_NE(problems(losses).at(0).find("validation_loss has different units in points that "
                                        "differ in loss; use per: loss"),
            std::string::npos);
  auto bare = staged("{rerun: 5}");
  bare[0].second = "{synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 8}}";
  EXPECT_NE(problems(bare).at(0).find("validation_loss needs a validation set; give "
                                      "data.synthetic.validation: 200"),
            std::string::npos);
}

}  // namespace
}  // namespace descent::testing
