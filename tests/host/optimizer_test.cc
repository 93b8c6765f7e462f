// SPDX-License-Identifier: MIT
// Optimizers at work: inputs of a step, slots, averages, messages.
#include "host/optimizer.h"

#include <gtest/gtest.h>

#include "host/support.h"

namespace descent::testing {
namespace {

const std::vector<descent_block> one_layer = {{"linear0.weight", 0, 3, 2, false},
                                              {"linear0.bias", 6, 2, 1, true}};

template <class T>
host::Optimizer<T> optimizer(const std::string& name,
                             const std::map<std::string, double>& hyperparameters = {},
                             std::uint64_t planned = 0) {
  const host::Plugin plugin = all_plugins().get(DESCENT_OPTIMIZER, name);
  return {plugin, plugin.settle(hyperparameters).hyperparameters, 8, one_layer, planned};
}

template <class T>
double bowl(const arma::Col<T>& x, arma::Col<T>* gradient) {
  if (gradient) *gradient = 2 * (x - T(3));
  return double(arma::accu(arma::square(x - T(3))));
}

template <class T>
class EveryElement : public ::testing::Test {};
using Elements = ::testing::Types<float, double>;
TYPED_TEST_SUITE(EveryElement, Elements);

TYPED_TEST(EveryElement, GivesTheStepItsInputs) {
  using T = TypeParam;
  auto witness = optimizer<T>("witness", {}, 77);
  arma::Col<T> x(8, arma::fill::zeros);
  const arma::Col<T> gradient(8, arma::fill::ones);
  for (int i = 0; i < 2; ++i) witness.step(x, gradient, 5, 1234, bowl<T>);
  // t, epoch, planned steps, seed mod 4096, blocks, offset of the bias, f(0), f'(0) + 1000 calls
  const arma::Col<T> expected = {2, 5, 77, 1234, 2, T(6.5), 72, 1994};
  EXPECT_TRUE(arma::approx_equal(x, expected, "absdiff", 0)) << x;
  EXPECT_EQ(witness.steps(), 2u);
}

TYPED_TEST(EveryElement, StartsItsSlotsAtZeroAndKeepsThem) {
  using T = TypeParam;
  auto sgd = optimizer<T>("sgd", {{"lr", 1}, {"momentum", 0.5}});
  arma::Col<T> x(8, arma::fill::zeros);
  const arma::Col<T> gradient(8, arma::fill::ones);
  for (const double expected : {-1.0, -2.5, -4.25}) {
    sgd.step(x, gradient, 1, 0, bowl<T>);
    EXPECT_EQ(x(0), T(expected));
    EXPECT_EQ(x(7), T(expected));
  }
}

TYPED_TEST(EveryElement, EvaluatesAtTheAverageOfAnAveragingRule) {
  using T = TypeParam;
  auto averaging = optimizer<T>("averaging", {{"lr", 1}});
  arma::Col<T> x(8, arma::fill::value(10));
  EXPECT_EQ(&averaging.evaluation_weights(x), &x) << "nothing to average before the first step";
  for (const double gradient : {1.0, 2.0, 3.0})
    averaging.step(x, arma::Col<T>(8, arma::fill::value(T(gradient))), 1, 0, bowl<T>);
  EXPECT_EQ(x(0), T(4));
  EXPECT_NEAR(averaging.evaluation_weights(x)(0), 20.0 / 3, 1e-6);  // mean of 9, 7, 4
}

TEST(Optimizer, EvaluatesAtItsWeightsWhenItDoesNotAverage) {
  auto sgd = optimizer<double>("sgd");
  arma::vec x(8, arma::fill::zeros);
  sgd.step(x, x, 1, 0, bowl<double>);
  EXPECT_EQ(&sgd.evaluation_weights(x), &x);
}

TYPED_TEST(EveryElement, GoesOnFromWhatItRemembers) {
  using T = TypeParam;
  auto first = optimizer<T>("sgd", {{"lr", 1}, {"momentum", 0.5}});
  arma::Col<T> x(8, arma::fill::zeros);
  const arma::Col<T> gradient(8, arma::fill::ones);
  first.step(x, gradient, 1, 0, bowl<T>);
  auto restored = optimizer<T>("sgd", {{"lr", 1}, {"momentum", 0.5}});
  restored.restore(first.memory());
  restored.step(x, gradient, 1, 0, bowl<T>);
  EXPECT_EQ(x(0), T(-2.5));
  EXPECT_EQ(restored.steps(), 2u);
}

TEST(Optimizer, PassesOnThePluginsWords) {
  auto throwing = optimizer<double>("throwing", {{"at", 2}});
  arma::vec x(8, arma::fill::zeros);
  throwing.step(x, x, 1, 0, bowl<double>);
  EXPECT_EQ(failure_of([&] { throwing.step(x, x, 1, 0, bowl<double>); }),
            "optimizer 'throwing': cannot go on");
}

TEST(Optimizer, PassesOnThatAPluginThrewNoWords) {
  auto throwing = optimizer<double>("throwing", {{"at", 1}, {"wordless", 1}});
  arma::vec x(8, arma::fill::zeros);
  EXPECT_EQ(failure_of([&] { throwing.step(x, x, 1, 0, bowl<double>); }),
            "optimizer 'throwing': an exception that is not a std::exception");
}

TEST(Optimizer, PassesOnWhatGoesWrongInTheObjective) {
  auto witness = optimizer<double>("witness");
  arma::vec x(8, arma::fill::zeros);
  const host::Objective<double> broken = [](const arma::vec&, arma::vec*) -> double {
    throw std::runtime_error("the data is gone");
  };
  EXPECT_EQ(failure_of([&] { witness.step(x, x, 1, 0, broken); }),
            "optimizer 'witness': the data is gone");
}

}  // namespace
}  // namespace descent::testing
