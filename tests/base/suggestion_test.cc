// SPDX-License-Identifier: MIT
#include "base/suggestion.h"

#include <gtest/gtest.h>

namespace descent {
namespace {

using Names = std::vector<std::string>;

const Names optimizers = {"adagrad", "adam", "adamw", "rmsprop", "sgd", "lbfgs", "exact"};
const Names losses = {"mse", "l1", "cross_entropy", "bce", "bce_with_logits", "huber", "hinge"};
const Names adam = {"lr", "beta1", "beta2", "eps", "weight_decay"};

TEST(Suggestion, IsTheNearestName) {
  EXPECT_EQ(suggestion("adm", optimizers), "adam");
  EXPECT_EQ(suggestion("rmspropp", optimizers), "rmsprop");
  EXPECT_EQ(suggestion("adamgrad", optimizers), "adagrad");
}

TEST(Suggestion, CountsASwapOfNeighboursOnce) {
  EXPECT_EQ(suggestion("sdg", optimizers), "sgd");
  EXPECT_EQ(suggestion("rmsprpo", {"rmsprop", "rmspr"}), "rmsprop");
}

TEST(Suggestion, IsTheSameNameInOtherLettersWhateverIsNear) {
  EXPECT_EQ(suggestion("RMSprop", optimizers), "rmsprop");
  EXPECT_EQ(suggestion("L-BFGS", optimizers), "lbfgs");
  EXPECT_EQ(suggestion("Cross-Entropy", losses), "cross_entropy");
  EXPECT_EQ(suggestion("torch.optim.SGD", optimizers), "sgd");
}

TEST(Suggestion, IsWhatOtherLibrariesMeanByAName) {
  EXPECT_EQ(suggestion("mae", losses, "loss"), "l1");
  EXPECT_EQ(suggestion("MSELoss", losses, "loss"), "mse");
  EXPECT_EQ(suggestion("L1Loss", losses, "loss"), "l1");
  EXPECT_EQ(suggestion("CrossEntropyLoss", losses, "loss"), "cross_entropy");
  EXPECT_EQ(suggestion("BCEWithLogitsLoss", losses, "loss"), "bce_with_logits");
  EXPECT_EQ(suggestion("binary_crossentropy", losses, "loss"), "bce");
  EXPECT_EQ(suggestion("HuberLoss", losses, "loss"), "huber");
  EXPECT_EQ(suggestion("momentum", optimizers, "optimizer"), "sgd");
  EXPECT_EQ(suggestion("epsilon", adam, "key of optimizer 'adam'"), "eps");
  EXPECT_EQ(suggestion("learning_rate", adam, "key of optimizer 'adam'"), "lr");
}

TEST(Suggestion, IsNoneOfAnotherKindsNames) {
  EXPECT_EQ(suggestion("mae", {"mse", "target"}), "mse");
  EXPECT_EQ(suggestion("dense", losses, "loss"), std::nullopt);
  EXPECT_EQ(suggestion("learning_rate", {"epochs", "batch"}, "key of train"), std::nullopt);
}

TEST(Suggestion, IsNoneWhenNothingIsNear) {
  EXPECT_EQ(suggestion("momentum", {"lr", "beta1"}), std::nullopt);
  EXPECT_EQ(suggestion("", {"lr", "beta1"}), std::nullopt);
  EXPECT_EQ(suggestion("ab", {"cd"}), std::nullopt);
  EXPECT_EQ(suggestion("x", {"y", "z"}), std::nullopt);
}

TEST(DidYouMean, EndsAMessageWithTheNameOrWhatIsValid) {
  EXPECT_EQ(did_you_mean("adm", optimizers), "; did you mean 'adam'?");
  EXPECT_EQ(did_you_mean("x", {"y", "z"}), "; valid: y, z");
  EXPECT_EQ(did_you_mean("x", {}), "");
}

TEST(DidYouMean, SaysWhatGoesWithTheName) {
  EXPECT_EQ(did_you_mean("momentum", optimizers, "optimizer"),
            "; did you mean 'sgd', with momentum: 0.9?");
}

TEST(DidYouMean, KnowsKeysOfOtherMaps) {
  EXPECT_EQ(did_you_mean("learning_rate", {"epochs", "batch"}, "key of train"),
            "; did you mean 'optimizer.lr'?");
  EXPECT_EQ(did_you_mean("batch_size", {"train", "loss"}, "key of an experiment"),
            "; did you mean 'train.batch'?");
  EXPECT_EQ(did_you_mean("random_state", {"seed", "loss"}, "key of an experiment"),
            "; did you mean 'seed'?");
}

TEST(DidYouMean, SaysThatAKeyIsOneOfTheFileItself) {
  EXPECT_EQ(did_you_mean("random_state", {"epochs", "batch"}, "key of train"),
            "; did you mean 'seed' at the top of the file?");
  EXPECT_EQ(did_you_mean("hidden_units", {"epochs", "batch"}, "key of train"),
            "; did you mean 'model.layers'?");
}

TEST(DidYouMean, SaysWhatToDoWithoutAName) {
  EXPECT_EQ(did_you_mean("Flatten", {"linear", "relu"}, "layer"),
            "; leave it out: the inputs are a vector already");
}

}  // namespace
}  // namespace descent
