// SPDX-License-Identifier: MIT
// Values that are each valid and together cannot be trained.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using Combinations = ExperimentFile;

const char* const csv_data = "{csv: {path: a.csv, target: y}}";

TEST_F(Combinations, ClassesNeedBernoulliNoise) {
  EXPECT_EQ(problems({{"loss", "cross_entropy"}, {"model", "{layers: [{linear: 2}]}"}}),
            Texts{"4:7: loss 'cross_entropy' reads classes, but data.synthetic with noise: none "
                  "draws numbers; use noise: bernoulli, or a loss that reads numbers"});
  EXPECT_EQ(
      problems({{"loss", "bce"},
                {"data",
                 "{synthetic: {function: x, x: {uniform: [0, 1]}, train: 8, noise: {normal: "
                 "1}}}"}}),
      Texts{"4:7: loss 'bce' reads probabilities, but data.synthetic with noise: normal leaves [0, "
            "1]; use noise: bernoulli or none"});
  EXPECT_EQ(problems({{"loss", "bce"}}), Texts{});
}

TEST_F(Combinations, DecomposesSomethingOrNothing) {
  for (const std::string one : {"none", "[none]", "mae", "[mse, mae]"})
    EXPECT_EQ(problems({{"record", "{decompose: " + one + "}"}}), Texts{}) << one;
  EXPECT_EQ(problems({{"record", "{decompose: [none, mae]}"}}),
            Texts{"7:21: record.decompose: none cannot be combined with metrics; leave it or the "
                  "others out"});
  EXPECT_EQ(problems({{"record", "{decompose: []}"}}).size(), 1u);
  EXPECT_EQ(problems({{"record", "{decompose: none}"},
                      {"replicates", "{until: {total_se: 0.1}, max: 100}"}})
                .size(),
            1u);
}

TEST_F(Combinations, TheLastLayerFitsTheData) {
  EXPECT_EQ(problems({{"model", "{layers: [{linear: {units: 2}}]}"}}),
            Texts{"3:35: the last linear layer has 2 outputs, the data need 1; use `linear: "
                  "auto` or `linear: 1`"});
  EXPECT_EQ(problems({{"data", "{csv: {path: a.csv, target: [u, v]}}"}}),
            Texts{"3:27: the last linear layer has 1 outputs, the data need 2; use `linear: "
                  "auto` or `linear: 2`"});
  EXPECT_EQ(problems({{"model", "{layers: [{linear: {units: auto}}, tanh, {linear: 1}]}"}}),
            Texts{"3:35: units: auto is for the last linear layer; give a number of units"});
  EXPECT_EQ(problems({{"model", "{layers: [tanh]}"}}),
            Texts{"3:17: model.layers has no linear layer: there is nothing to train"});
}

TEST_F(Combinations, ResamplingNeedsWhatItRedraws) {
  const std::string fixed =
      "needs targets that can be redrawn, and this file's are fixed; use another scheme, such as "
      "bootstrap, or give data.csv both truth and noise";
  for (const std::string scheme : {"fresh", "noise"})
    EXPECT_EQ(problems({{"data", csv_data}, {"replicates", "{resample: " + scheme + "}"}}),
              Texts{"7:24: replicates.resample: " + scheme + " " + fixed});
  for (const std::string scheme : {"bootstrap", "subsample", "none"})
    EXPECT_EQ(problems({{"data", csv_data}, {"replicates", "{resample: " + scheme + "}"}}),
              Texts{});
  EXPECT_EQ(problems({{"data", "{csv: {path: a.csv, target: y, truth: f, noise: {normal: 1}}}"},
                      {"replicates", "{resample: noise}"}}),
            Texts{});
  EXPECT_EQ(problems({{"data", "{synthetic: {function: x, x: {uniform: [0, 1]}, train: 1}}"},
                      {"replicates", "{resample: subsample}"}}),
            Texts{"7:24: replicates.resample: subsample needs at least 2 training samples"});
}

TEST_F(Combinations, PartsGoWithTheSchemesThatCut) {
  EXPECT_EQ(problems({{"replicates", "{count: 10, resample: kfold}"}}),
            Texts{"7:35: replicates.resample: kfold needs `parts`, as in `replicates: {count: 100, "
                  "resample: kfold, parts: 10}`"});
  EXPECT_EQ(problems({{"replicates", "{count: 10, parts: 5}"}}),
            Texts{"7:32: replicates.parts is for resample disjoint and kfold, not fresh"});
  EXPECT_EQ(problems({{"replicates", "{count: 12, resample: disjoint, parts: 5}"}}),
            Texts{"7:21: replicates.count is 12, not a multiple of parts: 5; use 10"});
  EXPECT_EQ(problems({{"replicates", "{count: 3, resample: disjoint, parts: 5}"}}),
            Texts{"7:21: replicates.count is 3, not a multiple of parts: 5; use 5"});
  EXPECT_EQ(problems({{"data", "{synthetic: {function: x, x: {uniform: [0, 1]}, train: 4}}"},
                      {"replicates", "{count: 10, resample: kfold, parts: 5}"}}),
            Texts{"7:49: replicates.parts: 4 training samples cannot be cut into 5 parts"});
  EXPECT_EQ(problems({{"replicates", "{count: 10, resample: kfold, parts: 5}"}}), Texts{});
}

TEST_F(Combinations, LayoutsTellSeveralThingsApart) {
  EXPECT_EQ(problems({{"replicates", "{count: 10, layout: nested}"}}),
            Texts{"7:33: replicates.layout: nested needs `seeds`, replicates of a block, as in "
                  "`replicates: {count: 64, layout: nested, seeds: 8}`"});
  EXPECT_EQ(problems({{"replicates", "{count: 10, seeds: 5}"}}),
            Texts{"7:32: replicates.seeds is for layout nested and crossed; give layout, or leave "
                  "seeds out"});
  EXPECT_EQ(problems({{"replicates", "{count: 10, layout: crossed, seeds: 5, vary: [init]}"}}),
            Texts{"7:58: replicates.layout: crossed splits the variance by source; vary two or "
                  "three of data, init, order"});
  EXPECT_EQ(problems({{"replicates", "{count: 16, layout: crossed, seeds: 5}"}}),
            Texts{"7:21: replicates.count is 16, not a multiple of seeds: 5; use 15"});
  EXPECT_EQ(
      problems(
          {{"replicates", "{count: 10, layout: nested, seeds: 5, resample: kfold, parts: 5}"}}),
      Texts{
          "7:33: replicates.resample: kfold has blocks of its own; use layout: single, or another "
          "scheme"});
  EXPECT_EQ(problems({{"data", csv_data}, {"replicates", "{count: 10, layout: nested, seeds: 5}"}}),
            Texts{"7:13: replicates.resample: none draws no data; leave data out of vary, or "
                  "resample"});
  EXPECT_EQ(problems({{"replicates", "{count: 10, layout: nested, seeds: 5}"}}), Texts{});
}

TEST_F(Combinations, UntilNeedsAnErrorAndAMost) {
  const std::string form = "as in `replicates: {until: {total_se: 0.01}, max: 2000}`";
  EXPECT_EQ(problems({{"replicates", "{until: {total_se: 0.1}}"}}),
            Texts{"7:21: replicates.until needs `max`, " + form});
  EXPECT_EQ(problems({{"replicates", "{until: {}, max: 100}"}}),
            Texts{"7:21: replicates.until needs total_se, bias2_se or variance_se, " + form});
  EXPECT_EQ(problems({{"replicates", "{count: 10, max: 100}"}}),
            Texts{"7:30: replicates.max is for until; give `until: {total_se: ...}`, or count "
                  "instead of max"});
  EXPECT_EQ(problems({{"replicates", "{count: 50, until: {total_se: 0.1}, max: 40}"}}),
            Texts{"7:54: replicates.max is 40, less than count: 50"});
  EXPECT_EQ(
      problems({{"replicates", "{until: {total_se: 0.1}, max: 42, resample: kfold, parts: 2}"}}),
      Texts{"7:21: replicates.resample: kfold gives no standard errors, which until needs; use "
            "count"});
  EXPECT_EQ(problems({{"replicates", "{until: {variance_se: 0.1}, max: 2000}"}}), Texts{});
}

TEST_F(Combinations, ClassWeightsGoWithTheLoss) {
  EXPECT_EQ(problems({{"loss", "{mse: {class_weight: [1]}}"}}),
            Texts{"4:14: loss 'mse' takes no class weights"});
  EXPECT_EQ(problems({{"loss", "{bce_with_logits: {class_weight: 1}}"}}),
            Texts{"4:26: loss 'bce_with_logits' takes its class weights as 'pos_weight'"});
  EXPECT_EQ(problems({{"data", csv_data},
                      {"model", "{layers: [{linear: 3}]}"},
                      {"loss", "{cross_entropy: {class_weight: [1, 2]}}"}}),
            Texts{"4:38: loss.class_weight has 2 values, the model has 3 outputs"});
}

TEST_F(Combinations, DataComeFromOneSource) {
  EXPECT_EQ(problems({{"data", "{}"}}), Texts{"2:7: data needs one of synthetic, csv and surface, "
                                              "as in `data: {csv: {path: ..., target: "
                                              "...}}`"});
  EXPECT_EQ(problems({{"data", "{csv: {path: a.csv, target: y, test: {fraction: 0.5, path: b}}}"}}),
            Texts{"2:44: data.csv.test needs one of fraction, path and kfold"});
}

// A mean over some of the folds would count their rows more often than those of the others.
TEST_F(Combinations, CrossValidationTakesWholeRounds) {
  const std::string folds = "{csv: {path: a.csv, target: y, test: {kfold: 5}}}";
  EXPECT_EQ(problems({{"data", folds}, {"replicates", "{count: 10, vary: [split]}"}}), Texts{});
  EXPECT_EQ(problems({{"data", folds}, {"replicates", "{count: 7, vary: [split]}"}}),
            Texts{"7:21: replicates.count is 7, not a multiple of data.csv.test.kfold: 5; use 5"});
}

TEST_F(Combinations, RowsInOrderOfTimeHaveOneSplit) {
  EXPECT_EQ(problems({{"data", "{csv: {path: a.csv, target: y, time: t, test: 0.2}}"},
                      {"replicates", "{count: 10, vary: [split]}"}}),
            Texts{"7:31: replicates.vary: split does not go with data.csv.time, by which the rows "
                  "are split in the same way every time; leave one of the two out"});
}

TEST_F(Combinations, CsvTruthAndNoiseGoTogether) {
  EXPECT_EQ(problems({{"data", "{csv: {path: a.csv, target: y, noise: {normal: 1}}}"}}),
            Texts{"2:45: data.csv.noise needs truth: COLUMN, to which the noise is added"});
  EXPECT_EQ(problems({{"data", "{csv: {path: a.csv, target: [y, z], truth: f}}"},
                      {"model", "{layers: [{linear: 2}]}"}}),
            Texts{"2:50: data.csv.truth names 1 column for 2 targets; name one for each target"});
  EXPECT_EQ(problems({{"data", "{csv: {path: a.csv, target: y, truth: [f, g]}}"}}),
            Texts{"2:45: data.csv.truth names 2 columns for 1 target; name one for each target"});
}

TEST_F(Combinations, ClassesAreOneColumnAndNotStandardized) {
  EXPECT_EQ(problems({{"data", "{csv: {path: a.csv, target: [y, z]}}"}, {"loss", "nll"}}).front(),
            "2:35: loss 'nll' reads classes, which stand in one target column, not in 2");
  EXPECT_EQ(problems({{"data", "{csv: {path: a.csv, target: y, standardize_target: true}}"},
                      {"loss", "nll"}}),
            Texts{"2:58: loss 'nll' reads classes; only numbers can be standardized"});
}

TEST_F(Combinations, MidpointsAreOfOneInput) {
  EXPECT_EQ(problems({{"data",
                       "{synthetic: {function: x1, dims: 2, x: {midpoints: [0, 1]}, train: 8}}"}}),
            Texts{"2:46: data.synthetic.x: midpoints need dims: 1, not 2; use uniform or normal"});
}

TEST_F(Combinations, TheFormulaIsCompiled) {
  const auto found =
      problems({{"data",
                 "{synthetic: {function: 5*x1, dims: {grid: [1, 2]}, x: {uniform: [0, 1]}, train: "
                 "8}}"}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].starts_with("2:30: function '5*x1'")) << found[0];
}

TEST_F(Combinations, AProximalStepNeedsOneAndALearningRate) {
  const host::Catalog catalog({build_folder() / "tests/plugins", build_folder() / "plugins"});
  EXPECT_EQ(problems(text({{"regularizer", "{spread: {apply: proximal}}"}}), {}, catalog),
            Texts{"7:31: regularizer 'spread' has no proximal step; use apply: gradient"});
  EXPECT_EQ(
      problems(text({{"regularizer", "[l2, {l1: {apply: proximal}}]"}, {"optimizer", "throwing"}}),
               {}, catalog),
      Texts{"7:32: the size of a proximal step is the optimizer's lr, and optimizer 'throwing' "
            "has none; use apply: gradient"});
  EXPECT_EQ(problems(text({{"regularizer", "{l1: {apply: proximal}}"}}), {}, catalog), Texts{});
}

TEST_F(Combinations, AConstraintIsAProjectionAndHasNoGradient) {
  EXPECT_EQ(resolved(text({{"regularizer", "max_norm"}}))["regularizer"]["apply"], "proximal");
  EXPECT_EQ(problems({{"regularizer", "{max_norm: {apply: gradient}}"}}),
            Texts{"7:14: regularizer 'max_norm' is a constraint, which has no gradient; use apply: "
                  "proximal"});
}

TEST_F(Combinations, AMeanAndAVarianceNeedTwoOutputs) {
  EXPECT_EQ(problems({{"loss", "gaussian_nll"}}),
            Texts{"3:27: the last linear layer has 1 outputs, the data need 2; use `linear: "
                  "auto` or `linear: 2`"});
}

}  // namespace
}  // namespace descent::testing
