// SPDX-License-Identifier: MIT
// `optimizer: exact` in experiment files: what it goes with, and what a file may leave out.
#include "experiment/language/json_schema.h"
#include "experiment/support.h"
#include "train/exact_optimizer.h"

namespace descent::testing {
namespace {

using ExactOptimizer = ExperimentFile;

TEST_F(ExactOptimizer, IsOneEpochUnlessTheFileSaysOtherwise) {
  std::string without_train = text({{"optimizer", "exact"}});
  without_train.erase(without_train.find("train: {epochs"));
  for (const auto& content : {without_train, without_train + "train: {batch: full}\n"}) {
    const auto point = read(content).point(0);
    EXPECT_TRUE(train::is_exact(point.settings));
    EXPECT_EQ(point.settings.train.epochs, 1u);
    EXPECT_EQ(point.settings.record.every, 1u);
    EXPECT_EQ(point.configuration["optimizer"], json({{"name", "exact"}}));
  }
  EXPECT_EQ(settings({{"optimizer", "exact"}}).train.epochs, 40u);
}

TEST_F(ExactOptimizer, AloneSparesTheEpochs) {
  std::string without_train = text({{"optimizer", "{grid: [exact, sgd]}"}});
  without_train.erase(without_train.find("train: {epochs"));
  EXPECT_EQ(problems(without_train),
            Texts{"1:1: an experiment needs the key 'train', as in `train: {epochs: 100}`"});
  EXPECT_EQ(problems({{"train", "{batch: full}"}}),
            Texts{"6:8: train needs the key 'epochs', as in `epochs: 100`"});
}

TEST_F(ExactOptimizer, TellsAllThatItDoesNotGoWith) {
  EXPECT_EQ(
      problems({{"model", "{layers: [{linear: 4}, tanh, {linear: 1}]}"},
                {"loss", "huber"},
                {"optimizer", "exact"},
                {"train", "{epochs: 1, schedule: constant, clip_norm: 1, clip_value: 1, ema: 0.5}"},
                {"regularizer", "[l1, {l2: {apply: proximal}}, l2]"}}),
      (Texts{
          "3:17: optimizer 'exact' solves a single linear layer, and this model has 3 layers; use "
          "layers: [{linear: auto}], or another optimizer",
          "4:7: optimizer 'exact' minimizes squared error, not loss 'huber'; use loss: mse, or "
          "another optimizer",
          "6:30: optimizer 'exact' goes to the minimum in one step, which train.schedule cannot "
          "change; leave it out",
          "6:51: optimizer 'exact' goes to the minimum in one step, which train.clip_norm cannot "
          "change; leave it out",
          "6:66: optimizer 'exact' goes to the minimum in one step, which train.clip_value "
          "cannot change; leave it out",
          "6:74: optimizer 'exact' goes to the minimum in one step, which train.ema cannot "
          "change; leave it out",
          "7:15: optimizer 'exact' supports only the penalty l2, not 'l1'; use l2 or none, or "
          "another optimizer",
          "7:32: optimizer 'exact' takes no proximal steps; use apply: gradient"}));
}

// Batches are a free axis of other files, of which one value is looked at together with the rest.
TEST_F(ExactOptimizer, NeedsTheFullBatchAtEveryPoint) {
  EXPECT_EQ(problems({{"optimizer", "exact"}, {"train", "{batch: {grid: [full, 4]}}"}}),
            Texts{"6:30: optimizer 'exact' needs the whole training set at once; use batch: full"});
}

TEST_F(ExactOptimizer, IsSuggestedAndTakesNoHyperparameters) {
  EXPECT_EQ(problems({{"optimizer", "exct"}}),
            Texts{"5:12: optimizer 'exct' is not known; did you mean 'exact'?"});
  EXPECT_EQ(problems({{"optimizer", "{exact: {lr: 0.1}}"}}),
            Texts{"5:21: unknown key 'lr' in optimizer 'exact', which has no keys"});
}

TEST_F(ExactOptimizer, IsNotTakenForAPluginOfItsName) {
  const host::Catalog shadowed(
      {build_folder() / "tests/plugins/shadowing", build_folder() / "plugins"});
  ASSERT_TRUE(shadowed.contains(DESCENT_OPTIMIZER, "exact"));
  EXPECT_EQ(
      problems(text({{"optimizer", "exact"}}), {}, shadowed),
      Texts{"5:12: optimizer 'exact' is built into the program, but there is a plugin of that "
            "name too; rename the plugin (`descent plugins list --paths` shows its path)"});
  EXPECT_EQ(problems(text({{"optimizer", "sgd"}}), {}, shadowed), Texts{});
}

TEST_F(ExactOptimizer, IsInTheSchemaAndSparesTrainThere) {
  const auto all = experiment::json_schema(catalog_);
  const auto& forms = all["$defs"]["optimizer"]["anyOf"][0]["anyOf"];
  EXPECT_TRUE(std::ranges::count(forms[0]["enum"], json("exact")) == 1) << forms[0];
  bool is_spared = false;
  for (const auto& form : all["anyOf"])
    is_spared |= form.contains("properties") && form["properties"].contains("optimizer") &&
                 std::ranges::count(form["required"], json("train")) == 0;
  EXPECT_TRUE(is_spared) << all["anyOf"];
}

}  // namespace
}  // namespace descent::testing
