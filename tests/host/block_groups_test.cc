// SPDX-License-Identifier: MIT
// Hyperparameters that differ from block to block.
#include "host/block_groups.h"

#include <gtest/gtest.h>

#include "host/support.h"

namespace descent::testing {
namespace {

const std::vector<descent_block> layers = {{"linear0.weight", 0, 3, 2, false},
                                           {"linear1.weight", 6, 1, 3, false},
                                           {"linear0.bias", 9, 3, 1, true},
                                           {"linear1.bias", 12, 1, 1, true}};

host::UpdateRule rule(
    const std::string& name, const std::map<std::string, double>& hyperparameters,
    const std::vector<std::pair<std::string, std::map<std::string, double>>>& on) {
  const host::Catalog catalog({shipped_plugins()});
  const auto& plugin = catalog.get(DESCENT_OPTIMIZER, name);
  auto config = plugin.settle(hyperparameters);
  for (const auto& [pattern, values] : on) {
    host::BlockValues one{pattern, {}};
    for (const auto& [hyper, value] : values)
      one.values.emplace_back(std::size_t(plugin.hyperparameter_index(hyper)), value);
    config.on.push_back(one);
  }
  return host::rule_of(config, catalog);
}

double bowl(const arma::vec& x, arma::vec* gradient) {
  if (gradient) *gradient = x;
  return arma::dot(x, x) / 2;
}

arma::vec after_a_step(const host::UpdateRule& rule) {
  host::Optimizer<double> optimizer(rule, 13, layers, 10);
  arma::vec x(13, arma::fill::ones);
  const arma::vec gradient = x;
  optimizer.step(x, gradient, 1, 0, bowl);
  return x;
}

TEST(BlockGroups, HaveRatesOfTheirOwn) {
  const auto x = after_a_step(
      rule("sgd", {{"lr", 0.5}}, {{"bias", {{"lr", 0.25}}}, {"linear1.*", {{"lr", 0.125}}}}));
  for (arma::uword i = 0; i < 6; ++i) EXPECT_EQ(x(i), 0.5) << i;
  for (arma::uword i = 6; i < 9; ++i) EXPECT_EQ(x(i), 0.875) << i;
  for (arma::uword i = 9; i < 12; ++i) EXPECT_EQ(x(i), 0.75) << i;
  EXPECT_EQ(x(12), 0.875) << "a name counts more than the kind of block, whatever the order";
}

// An elementwise rule does not notice that its weights are moved elsewhere.
TEST(BlockGroups, GoTheWayOfOneRuleWhereTheirValuesAreTheSame) {
  host::Optimizer<double> whole(rule("adamw", {{"lr", 0.1}}, {}), 13, layers, 10);
  host::Optimizer<double> parts(
      rule("adamw", {{"lr", 0.1}, {"eps", 1e-8}}, {{"bias", {{"eps", 1e-8}}}, {"linear1.*", {}}}),
      13, layers, 10);
  host::Optimizer<double> apart(rule("adamw", {{"lr", 0.1}}, {{"bias", {{"weight_decay", 0}}}}), 13,
                                layers, 10);
  arma::vec x = arma::linspace(-1, 1, 13), y = x, z = x;
  for (int t = 1; t <= 5; ++t) {
    const arma::vec gradient = arma::sin(double(t) * arma::linspace(0, 4, 13));
    whole.step(x, gradient, 1, 0, bowl);
    parts.step(y, gradient, 1, 0, bowl);
    apart.step(z, gradient, 1, 0, bowl);
  }
  for (arma::uword i = 0; i < 13; ++i) EXPECT_EQ(x(i), y(i)) << i;
  for (arma::uword i = 0; i < 9; ++i) EXPECT_EQ(x(i), z(i)) << i;
  EXPECT_NE(x(12), z(12)) << "the bias does not decay";
}

// A line search in one group sees the others where the step began: sum x^2 / 2 over all.
TEST(BlockGroups, SeeTheWholeObjective) {
  host::Optimizer<double> optimizer(
      rule("sam", {{"rho", 0.5}, {"lr", 0.5}, {"momentum", 0}}, {{"bias", {{"rho", 0}}}}), 13,
      layers, 10);
  arma::vec x(13, arma::fill::ones);
  const arma::vec gradient = x;
  optimizer.step(x, gradient, 1, 0, bowl);
  EXPECT_NEAR(x(0), 1 - 0.5 * (1 + 0.5 / 3), 1e-15) << "uphill along the 9 weights";
  EXPECT_NEAR(x(12), 0.5, 1e-15);
}

TEST(BlockGroups, FollowAScheduleInProportion) {
  host::Optimizer<double> optimizer(rule("sgd", {{"lr", 0.5}}, {{"bias", {{"lr", 0.25}}}}), 13,
                                    layers, 10);
  optimizer.set_hyperparameter(0, 0.1);
  arma::vec x(13, arma::fill::ones);
  const arma::vec gradient = x;
  optimizer.step(x, gradient, 1, 0, bowl);
  EXPECT_DOUBLE_EQ(x(0), 0.9);
  EXPECT_DOUBLE_EQ(x(12), 0.95);
}

TEST(BlockGroups, GoOnFromWhatTheyRemember) {
  const auto momentum = rule("sgd", {{"lr", 0.5}, {"momentum", 0.5}}, {{"bias", {{"lr", 0.25}}}});
  host::Optimizer<double> first(momentum, 13, layers, 10), second(momentum, 13, layers, 10);
  arma::vec x(13, arma::fill::ones);
  const arma::vec gradient = x;
  first.step(x, gradient, 1, 0, bowl);
  second.restore(first.memory());
  arma::vec y = x;
  first.step(x, gradient, 1, 0, bowl);
  second.step(y, gradient, 1, 0, bowl);
  EXPECT_TRUE(arma::approx_equal(x, y, "absdiff", 0));
  EXPECT_EQ(second.steps(), 2u);
}

TEST(BlockGroups, AreMeantByPatterns) {
  const descent_block weight = layers[1], bias = layers[2];
  EXPECT_TRUE(host::matches("weight", weight));
  EXPECT_FALSE(host::matches("weight", bias));
  EXPECT_TRUE(host::matches("bias", bias));
  EXPECT_TRUE(host::matches("linear1.*", weight));
  EXPECT_TRUE(host::matches("*.bias", bias));
  EXPECT_TRUE(host::matches("linear1.weight", weight));
  EXPECT_FALSE(host::matches("linear1", weight));
  EXPECT_FALSE(host::matches("", weight));
}

}  // namespace
}  // namespace descent::testing
