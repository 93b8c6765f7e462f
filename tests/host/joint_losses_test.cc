// SPDX-License-Identifier: MIT
// Losses of a batch as a whole, and a penalty of several matrices: values as NumPy works them out
// (tests/reference/papers/make.py), gradients against central differences.
#include <gtest/gtest.h>

#include "autograd/gradient_check.h"
#include "host/loss.h"
#include "host/regularizer.h"
#include "host/support.h"

namespace descent::testing {
namespace {

double loss_of_embedding(const std::string& name,
                         const std::map<std::string, double>& hyperparameters,
                         std::vector<std::int64_t> classes, descent_reduction reduction) {
  const host::Catalog catalog({shipped_plugins()});
  const auto& plugin = catalog.get(DESCENT_LOSS, name);
  host::Loss<double> loss(plugin, plugin.settle(hyperparameters).hyperparameters, {}, reduction);
  arma::mat x = {{1, 0.5, -1, 0.25, -0.5}, {0, 1, 0.5, -1, -1.25}}, gradient(2, 5);
  host::Targets<double> targets;
  targets.classes = std::move(classes);
  const double value = loss.evaluate(x, targets, &gradient);
  std::vector<arma::mat> inputs;  // a view
  inputs.emplace_back(x.memptr(), 2, 5, false, true);
  const std::vector<arma::mat> gradients = {gradient};
  EXPECT_LE(gradient_error(inputs, gradients, [&] { return loss.evaluate(x, targets, nullptr); }),
            1e-6)
      << name;
  return value;
}

TEST(JointLosses, SupervisedContrastive) {
  const std::map<std::string, double> hyperparameters = {{"temperature", 0.5}};
  const auto value = [&](std::vector<std::int64_t> classes, descent_reduction reduction) {
    return loss_of_embedding("supervised_contrastive", hyperparameters, std::move(classes),
                             reduction);
  };
  // 1e-12 is added to the squared lengths, NumPy adds nothing.
  EXPECT_NEAR(value({0, 0, 1, 1, 2}, DESCENT_MEAN), 1.6243892141205043, 1e-11);
  EXPECT_NEAR(value({0, 0, 1, 1, 2}, DESCENT_SUM), 4 * 1.6243892141205043, 1e-11);
  EXPECT_EQ(value({0, 1, 2, 3, 4}, DESCENT_MEAN), 0) << "no sample has another one of its class";
}

TEST(JointLosses, Triplet) {
  const auto value = [&](std::vector<std::int64_t> classes, descent_reduction reduction) {
    return loss_of_embedding("triplet", {{"margin", 0.2}}, std::move(classes), reduction);
  };
  EXPECT_NEAR(value({0, 0, 1, 1, 2}, DESCENT_MEAN), 0.5003626453942344, 1e-11);
  EXPECT_NEAR(value({0, 0, 1, 1, 2}, DESCENT_SUM), 4 * 0.5003626453942344, 1e-11);
  EXPECT_EQ(value({1, 1, 1, 1, 1}, DESCENT_MEAN), 0) << "there is no other class";
}

// A weight of k has the effect of k equal anchors: 0 leaves a sample out of the mean, not of the
// batch.
TEST(JointLosses, WeightTheirAnchors) {
  const host::Catalog catalog({shipped_plugins()});
  const arma::mat x = {{1, 0.5, -1, 0.25, -0.5}, {0, 1, 0.5, -1, -1.25}};
  for (const auto* name : {"triplet", "supervised_contrastive"}) {
    const auto& plugin = catalog.get(DESCENT_LOSS, name);
    const auto value = [&](const arma::mat& weights, descent_reduction reduction) {
      host::Loss<double> loss(plugin, plugin.settle({}).hyperparameters, {}, reduction);
      return loss.evaluate(x, {{}, {0, 0, 1, 1, 2}, weights}, nullptr);
    };
    double of_anchors = 0;
    for (arma::uword j = 0; j < 5; ++j) {
      arma::mat only(1, 5, arma::fill::zeros);
      only(j) = double(j) + 1;
      of_anchors += value(only, DESCENT_SUM);
    }
    const arma::mat all = {{1, 2, 3, 4, 5}};
    EXPECT_NEAR(value(all, DESCENT_SUM), of_anchors, 1e-12) << name;
    EXPECT_NEAR(value(all, DESCENT_MEAN), of_anchors / 10, 1e-12)
        << name << ": the fifth has no pair";
    EXPECT_NE(value(all, DESCENT_MEAN), value({}, DESCENT_MEAN)) << name;
  }
}

TEST(JointLosses, PathNorm) {
  const host::Catalog catalog({shipped_plugins()});
  const auto& plugin = catalog.get(DESCENT_REGULARIZER, "path_norm");
  const std::vector<descent_block> blocks = {{"linear0.weight", 0, 4, 3, false},
                                             {"linear1.weight", 12, 2, 4, false},
                                             {"linear0.bias", 20, 4, 1, true},
                                             {"linear1.bias", 24, 2, 1, true}};
  host::Regularizer<double> penalty(plugin, plugin.settle({{"lambda", 0.5}}).hyperparameters,
                                    blocks);
  arma::vec w = arma::regspace(1, 26) / 10, gradient(26, arma::fill::zeros);
  EXPECT_NEAR(penalty.penalty(w, &gradient), 19.3293, 1e-12);
  std::vector<arma::mat> inputs;  // a view
  inputs.emplace_back(w.memptr(), 26, 1, false, true);
  const std::vector<arma::mat> gradients = {gradient};
  EXPECT_LE(gradient_error(inputs, gradients, [&] { return penalty.penalty(w, nullptr); }), 1e-6);
  EXPECT_EQ(gradient(25), 0) << "biases are on no path";
}

// Of each matrix the largest eigenvalue of W'W.
TEST(JointLosses, SpectralNorm) {
  const host::Catalog catalog({shipped_plugins()});
  const auto& plugin = catalog.get(DESCENT_REGULARIZER, "spectral_norm");
  const std::vector<descent_block> blocks = {{"linear0.weight", 0, 4, 3, false},
                                             {"linear1.weight", 12, 2, 4, false},
                                             {"linear0.bias", 20, 4, 1, true}};
  host::Regularizer<double> penalty(plugin, plugin.settle({{"lambda", 0.5}}).hyperparameters,
                                    blocks);
  arma::vec w = arma::regspace(1, 24) / 10, gradient(24, arma::fill::zeros);
  EXPECT_NEAR(penalty.penalty(w, &gradient), 7.167491426059205, 1e-12);
  EXPECT_EQ(gradient(23), 0) << "biases have no spectral norm";
}

}  // namespace
}  // namespace descent::testing
