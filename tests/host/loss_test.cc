// SPDX-License-Identifier: MIT
// Losses and regularizers at work: values by hand, weights, reductions, messages, scratch.
#include "host/loss.h"

#include <gtest/gtest.h>

#include "host/regularizer.h"
#include "host/support.h"

namespace descent::testing {
namespace {

template <class T>
host::Loss<T> loss(const std::string& name, descent_reduction reduction = DESCENT_MEAN,
                   const std::map<std::string, double>& hyperparameters = {},
                   arma::Col<T> class_weight = {}) {
  const host::Plugin plugin = all_plugins().get(DESCENT_LOSS, name);
  return {plugin, plugin.settle(hyperparameters).hyperparameters, std::move(class_weight),
          reduction};
}

const arma::mat prediction = {{1, 2, 3}, {0, -1, 4}};
const host::Targets<double> targets{{{0, 2, 5}, {1, 1, 4}}, {}, {}};
// squares of the differences: {1, 0, 4}, {1, 4, 0}

TEST(Loss, OfAFormulaIsItsMeanOrSumOverAllElements) {
  arma::mat gradient(2, 3);
  EXPECT_DOUBLE_EQ(loss<double>("mse").evaluate(prediction, targets, &gradient), 10.0 / 6);
  EXPECT_TRUE(
      arma::approx_equal(gradient, 2 * (prediction - targets.values) / 6, "absdiff", 1e-15));
  EXPECT_DOUBLE_EQ(loss<double>("mse", DESCENT_SUM).evaluate(prediction, targets, &gradient), 10);
  EXPECT_TRUE(arma::approx_equal(gradient, 2 * (prediction - targets.values), "absdiff", 1e-15));
}

TEST(Loss, OfAnExpressionIsTheSame) {
  arma::mat gradient(2, 3), expected(2, 3);
  auto expression = loss<double>("expression", DESCENT_MEAN, {{"scale", 3}});
  EXPECT_DOUBLE_EQ(expression.evaluate(prediction, targets, &gradient), 5);
  loss<double>("mse").evaluate(prediction, targets, &expected);
  EXPECT_TRUE(arma::approx_equal(gradient, 3 * expected, "absdiff", 1e-14));
  EXPECT_DOUBLE_EQ(expression.evaluate(prediction, targets, nullptr), 5);
}

TEST(Loss, WeighsSamplesOrElements) {
  auto given = targets;
  arma::mat gradient(2, 3), plain(2, 3);
  loss<double>("mse").evaluate(prediction, targets, &plain);
  given.weights = arma::rowvec{1, 0, 2};
  EXPECT_DOUBLE_EQ(loss<double>("mse").evaluate(prediction, given, &gradient), 10.0 / 6);
  EXPECT_TRUE(
      arma::approx_equal(gradient, plain % arma::mat{{1, 0, 2}, {1, 0, 2}}, "absdiff", 1e-15));
  given.weights = arma::mat{{1, 1, 0.5}, {0, 0, 0}};
  EXPECT_DOUBLE_EQ(loss<double>("mse").evaluate(prediction, given, &gradient), 3.0 / 6);
  EXPECT_TRUE(arma::approx_equal(gradient, plain % given.weights, "absdiff", 1e-15));
}

TEST(Loss, WeighsClasses) {
  const arma::mat logits(3, 2, arma::fill::zeros);
  const host::Targets<double> classes{{}, {0, 2}, {}};
  arma::mat gradient(3, 2);
  auto weighted = loss<double>("cross_entropy", DESCENT_SUM, {}, arma::vec{1, 5, 3});
  EXPECT_NEAR(weighted.evaluate(logits, classes, &gradient), 4 * std::log(3), 1e-14);
  const arma::mat expected = {{-2.0 / 3, 1}, {1.0 / 3, 1}, {1.0 / 3, -2}};
  EXPECT_TRUE(arma::approx_equal(gradient, expected, "absdiff", 1e-14));
  auto mean = loss<double>("cross_entropy", DESCENT_MEAN, {}, arma::vec{1, 5, 3});
  EXPECT_NEAR(mean.evaluate(logits, classes, nullptr), std::log(3), 1e-14);
}

TEST(Loss, ReportsAClassThatIsNotThere) {
  auto cross_entropy = loss<double>("cross_entropy");
  EXPECT_EQ(failure_of([&] {
              cross_entropy.evaluate(prediction, {{}, {0, 1, 2}, {}}, nullptr);
            }),
            "loss 'cross_entropy': class 2 is outside 0 .. 1");
}

TEST(Loss, OfNumbersRefusesClasses) {
  auto mse = loss<double>("mse");
  EXPECT_EQ(failure_of([&] {
              mse.evaluate(prediction, {{}, {0, 1, 1}, {}}, nullptr);
            }),
            "loss 'mse': this loss takes numbers as targets, not classes");
}

TEST(Loss, WorksInFloat) {
  const arma::fmat x = arma::conv_to<arma::fmat>::from(prediction);
  const host::Targets<float> t{arma::conv_to<arma::fmat>::from(targets.values), {}, {}};
  arma::fmat gradient(2, 3);
  for (const char* name : {"mse", "expression"})
    EXPECT_FLOAT_EQ(float(loss<float>(name).evaluate(x, t, &gradient)), 10.0f / 6) << name;
}

TEST(Scratch, GrowsToWhatAPluginNeedsAndStays) {
  const host::Catalog catalog = all_plugins();
  const host::Plugin plugin = catalog.get(DESCENT_LOSS, "greedy");
  host::Loss<double> greedy(plugin, {}, {}, DESCENT_MEAN);
  const auto calls = [&](arma::uword n) {
    return greedy.evaluate(arma::mat(1, n, arma::fill::zeros), {}, nullptr);
  };
  const double first = calls(3);
  EXPECT_EQ(calls(3), first + 1) << "enough the second time";
  EXPECT_EQ(calls(2), first + 2) << "more than enough";
  EXPECT_EQ(calls(5), first + 4) << "requested more once";
  EXPECT_EQ(calls(5), first + 5);
}

TEST(Regularizer, AddsItsGradient) {
  const std::vector<descent_block> blocks = {{"linear0.weight", 0, 3, 1, false}};
  const host::Plugin plugin = all_plugins().get(DESCENT_REGULARIZER, "l2");
  host::Regularizer<double> l2(plugin, plugin.settle({{"lambda", 0.5}}).hyperparameters, blocks);
  const arma::vec w = {1, -2, 0};
  arma::vec gradient = {10, 20, 30};
  EXPECT_DOUBLE_EQ(l2.penalty(w, &gradient), 2.5);
  EXPECT_TRUE(arma::approx_equal(gradient, arma::vec{11, 18, 30}, "absdiff", 0));
  EXPECT_DOUBLE_EQ(l2.penalty(w, nullptr), 2.5);
}

TEST(Regularizer, MayBeAnExpression) {
  const std::vector<descent_block> blocks = {{"linear0.weight", 0, 4, 1, false}};
  const host::Plugin plugin = all_plugins().get(DESCENT_REGULARIZER, "spread");
  host::Regularizer<double> spread(plugin, plugin.settle({{"lambda", 2}}).hyperparameters, blocks);
  const arma::vec w = {1, 2, 3, 6};
  arma::vec gradient(4, arma::fill::ones);
  EXPECT_DOUBLE_EQ(spread.penalty(w, &gradient), 28);
  EXPECT_TRUE(arma::approx_equal(gradient, 1 + 4 * (w - 3), "absdiff", 1e-14));
  EXPECT_DOUBLE_EQ(spread.penalty(w, nullptr), 28);
  EXPECT_EQ(plugin->proximal[DESCENT_F64], nullptr);
}

TEST(Regularizer, HasAProximalStep) {
  const std::vector<descent_block> blocks = {{"linear0.weight", 0, 4, 1, false}};
  const host::Plugin plugin = all_plugins().get(DESCENT_REGULARIZER, "l1");
  host::Regularizer<double> l1(plugin, plugin.settle({{"lambda", 2}}).hyperparameters, blocks);
  arma::vec w = {3, -3, 0.5, -1};
  l1.proximal(w, 0.5);
  EXPECT_TRUE(arma::approx_equal(w, arma::vec{2, -2, 0, 0}, "absdiff", 0));
}

}  // namespace
}  // namespace descent::testing
