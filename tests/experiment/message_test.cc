// SPDX-License-Identifier: MIT
// What messages say to those who know other libraries, or write less than a file wants.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using Messages = ExperimentFile;

struct Brought {
  std::string key, value, ours;
};

TEST_F(Messages, KnowOtherLibrariesNames) {
  for (const auto& [key, value, ours] :
       std::vector<Brought>{{"loss", "mae", "l1"},
                            {"loss", "MSE", "mse"},
                            {"loss", "L1Loss", "l1"},
                            {"loss", "MSELoss", "mse"},
                            {"loss", "mean_squared_error", "mse"},
                            {"loss", "categorical_crossentropy", "cross_entropy"},
                            {"loss", "CrossEntropyLoss", "cross_entropy"},
                            {"loss", "softmax_cross_entropy_with_integer_labels", "cross_entropy"},
                            {"loss", "BCEWithLogitsLoss", "bce_with_logits"},
                            {"loss", "binary_crossentropy", "bce"},
                            {"loss", "BCELoss", "bce"},
                            {"loss", "NLLLoss", "nll"},
                            {"loss", "HuberLoss", "huber"},
                            {"loss", "KLDivLoss", "kl_div"},
                            {"loss", "LogCosh", "log_cosh"},
                            {"loss", "pinball_loss", "quantile"},
                            {"optimizer", "Adam", "adam"},
                            {"optimizer", "AdamW", "adamw"},
                            {"optimizer", "SGD", "sgd"},
                            {"optimizer", "RMSprop", "rmsprop"},
                            {"optimizer", "L-BFGS", "lbfgs"},
                            {"optimizer", "optax.adamw", "adamw"},
                            {"regularizer", "ridge", "l2"},
                            {"regularizer", "lasso", "l1"},
                            {"regularizer", "ElasticNet", "elastic_net"},
                            {"regularizer", "weight_decay", "l2"}}) {
    const auto all = problems(Lines{{key, value}});
    ASSERT_EQ(all.size(), 1u) << value;
    EXPECT_TRUE(all[0].ends_with("is not known; did you mean '" + ours + "'?")) << all[0];
  }
  for (const auto& [key, value, ours] : std::vector<Brought>{{"", "dense", "linear"},
                                                             {"", "Dense", "linear"},
                                                             {"", "Linear", "linear"},
                                                             {"", "nn.Linear", "linear"}}) {
    const auto all = problems({{"model", "{layers: [{" + value + ": 1}]}"}});
    ASSERT_GE(all.size(), 1u) << value;
    EXPECT_TRUE(all[0].ends_with("is not known; did you mean '" + ours + "'?")) << all[0];
  }
  EXPECT_EQ(problems({{"optimizer", "momentum"}}),
            Texts{"5:12: optimizer 'momentum' is not known; did you mean 'sgd', with momentum: "
                  "0.9?"});
}

TEST_F(Messages, SayWhereAPenaltyOfPredictionsBelongs) {
  EXPECT_EQ(problems({{"regularizer", "confidence_penalty"}}),
            Texts{"7:14: regularizer 'confidence_penalty' is not known; it reads the predictions, "
                  "so it is part of a loss; use loss: confidence_penalty, or label_smoothing of "
                  "loss: cross_entropy"});
}

TEST_F(Messages, KnowOtherLibrariesKeys) {
  for (const auto& [key, value, ours] :
       std::vector<Brought>{{"optimizer", "{sgd: {learning_rate: 0.1}}", "lr"},
                            {"optimizer", "{sgd: {learning_rate_init: 0.1}}", "lr"},
                            {"optimizer", "{adam: {epsilon: 0.1}}", "eps"},
                            {"optimizer", "{adam: {b1: 0.1}}", "beta1"},
                            {"regularizer", "{l2: {weight_decay: 0.1}}", "lambda"},
                            {"regularizer", "{l2: {alpha: 0.1}}", "lambda"},
                            {"train", "{epochs: 1, batch_size: 0.1}", "batch"},
                            {"train", "{epochs: 1, lr_scheduler: 0.1}", "schedule"},
                            {"train", "{epochs: 1, learning_rate: 0.1}", "optimizer.lr"},
                            {"train", "{epochs: 1, max_grad_norm: 0.1}", "clip_norm"},
                            {"random_state", "3", "seed"},
                            {"batch_size", "3", "train.batch"},
                            {"num_epochs", "3", "train.epochs"},
                            {"n_epochs", "3", "train.epochs"},
                            {"max_epochs", "3", "train.epochs"},
                            {"max_iter", "3", "train.epochs"},
                            {"iterations", "3", "train.epochs"},
                            {"hidden_units", "3", "model.layers"},
                            {"criterion", "mse", "loss"}}) {
    const auto all = problems({{key, value}});
    ASSERT_EQ(all.size(), 1u) << value;
    EXPECT_TRUE(all[0].ends_with("; did you mean '" + ours + "'?")) << all[0];
  }
}

TEST_F(Messages, SayHowToDoWhatOtherProgramsHaveAKeyFor) {
  for (const auto& [key, value, how] : std::vector<Brought>{
           {"data.csv.drop", "[id, sex]", "columns are left out with `columns: {leave: [id]}`"},
           {"data.csv.ignore", "id", "columns are left out with `columns: {leave: [id]}`"},
           {"data.csv.inputs", "[x]", "inputs are chosen with `columns: [length, width]`"},
           {"data.csv.features", "[x]", "inputs are chosen with `columns: [length, width]`"},
           {"data.csv.na_values", "NA", "did you mean 'missing'?"},
           {"data.csv.columns.drop", "id", "did you mean 'leave'?"},
           {"record.steps", "10", "write `every: {steps: 10}`"},
           {"record.per", "step", "write `every: {steps: 10}`"},
           {"record.every", "10 steps", "write `every: {steps: 10}`"},
           {"record.every", "1 epoch", "write `every: {epochs: 1}`"},
           {"record.measures", "f1", "did you mean 'metrics'?"}}) {
    const auto all = problems({{"data", "{csv: {path: a.csv, target: y}}"}}, {key + "=" + value});
    ASSERT_EQ(all.size(), 1u) << key;
    EXPECT_TRUE(all[0].ends_with("; " + how)) << all[0];
  }
  const auto csv = settings({{"data", "{csv: {path: a.csv, target: y, columns: [a, b]}}"}}).data;
  EXPECT_EQ(std::get<data::CsvSpec>(csv).columns.use, (Texts{"a", "b"}));
}

TEST_F(Messages, SuggestTheFormThatANumberOrAListIsTheArgumentOf) {
  EXPECT_EQ(problems({{"data", "{synthetic: {function: x, x: [0, 1], train: 8, noise: 0.2}}"}}),
            (Texts{"2:36: data.synthetic.x: expected NAME or NAME: {...} of an input distribution, "
                   "found a list; did you mean {uniform: [0, 1]}?",
                   "2:61: noise '0.2' is not known; did you mean {normal: 0.2}?"}));
  EXPECT_EQ(problems({{"model", "{layers: [1]}"}}).front(),
            "3:18: layer '1' is not known; did you mean {linear: 1}?");
}

TEST_F(Messages, SuggestTheKeyThatANumberIsTheValueOf) {
  EXPECT_EQ(problems({{"regularizer", "{l2: 0.1}"}}),
            Texts{"7:19: regularizer.l2: expected a map of keys, found '0.1'; did you mean "
                  "{lambda: 0.1}?"});
  EXPECT_EQ(problems({{"features", "{polynomial: 3}"}}),
            Texts{"7:24: features.polynomial: expected a map of keys, found '3'; did you mean "
                  "{degree: 3}?"});
}

TEST_F(Messages, TrueAndFalseMayBeCapitalised) {
  for (const std::string word : {"true", "True", "TRUE"})
    EXPECT_EQ(resolved(text({{"optimizer", "{sgd: {momentum: 0.9, nesterov: " + word +
                                               "}}"}}))["optimizer"]["nesterov"],
              true);
  for (const std::string word : {"false", "False", "FALSE"})
    EXPECT_EQ(
        resolved(text({{"optimizer", "{sgd: {nesterov: " + word + "}}"}}))["optimizer"]["nesterov"],
        false);
}

TEST_F(Messages, ASingleFeatureMapIsAListOfOne) {
  const auto one = settings({{"features", "{polynomial: {degree: 3}}"}}).features;
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(std::get<data::Polynomial>(one[0]).degree, 3u);
  EXPECT_EQ(settings({{"features", "standardize"}}).features.size(), 1u);
}

TEST_F(Messages, NameTheBlocksOfAUnionThatAreEqual) {
  const auto all = problems(text() + "union:\n- {seed: 1}\n- {seed: 2}\n- {seed: 1}\n");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].starts_with("10:4: union.2 gives the same point as union.0 (")) << all[0];
  EXPECT_TRUE(all[0].ends_with("file.yaml:8:4); change one of these blocks, or leave it out"))
      << all[0];
}

TEST_F(Messages, NameTheOverrideWithBlocksOfAUnionThatAreEqual) {
  EXPECT_EQ(
      problems(text(), {"union=[{seed: 1}, {seed: 1}]"}),
      Texts{"--set union=[{seed: 1}, {seed: 1}]: two blocks of the union give the same point; "
            "change one of them, or leave it out"});
}

TEST_F(Messages, NameAMissingIncludedFileAlone) {
  const auto all = problems("experiment: a\ninclude: nosuch.yaml\n");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].starts_with("2:10: include: ")) << all[0];
}

TEST_F(Messages, NameAWrongValueWithoutWhatFollowsFromIt) {
  EXPECT_EQ(problems({{"train", "{epochs: 2, stop: {patience: 0, metric: train_loss}}"}}).size(),
            1u);
  EXPECT_EQ(problems({{"data", "{csv: {path: a.csv, target: y, test: {kfold: 1}}}"},
                      {"replicates", "{count: 4, vary: [split]}"}})
                .size(),
            1u);
}

TEST_F(Messages, AValidationSetOfNoneIsNone) {
  for (const std::string none : {"0", "0.0", "{fraction: 0}"}) {
    const Lines lines = {{"data", "{csv: {path: a.csv, target: y, validation: " + none + "}}"},
                         {"train", "{epochs: 40, stop: 3}"}};
    const auto all = problems(lines);
    ASSERT_EQ(all.size(), 1u) << none;
    EXPECT_TRUE(all[0].find("train.stop watches validation_loss, and nothing is held out for it") !=
                std::string::npos)
        << all[0];
    EXPECT_EQ(problems({lines[0],
                        {"optimizer", "{sgd: {lr: {grid: [0.1, 0.2]}}}"},
                        {"prune", "{asha: {min_epochs: 1}}"}}),
              Texts{})
        << "the metric is train_loss then";
  }
}

}  // namespace
}  // namespace descent::testing
