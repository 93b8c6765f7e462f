// SPDX-License-Identifier: MIT
// Hyperparameters that do not go together are refused where the file writes them. PyTorch 2.1,
// torch.optim.SGD: "Nesterov momentum requires a momentum and zero dampening".
#include "experiment/support.h"

namespace descent::testing {
namespace {

class Conflict : public ExperimentFile {
 protected:
  Texts of(const std::string& optimizer) { return problems({{"optimizer", optimizer}}); }
};

TEST_F(Conflict, NesterovNeedsMomentum) {
  EXPECT_EQ(of("{sgd: {lr: 0.1, nesterov: true}}"),
            Texts{"5:38: optimizer 'sgd': nesterov needs a momentum above 0, as momentum: 0.9"});
  EXPECT_EQ(of("{sgd: {lr: 0.1, nesterov: true, momentum: 0.9}}"), Texts{});
}

TEST_F(Conflict, NesterovNeedsUndampenedMomentum) {
  EXPECT_EQ(of("{sgd: {nesterov: true, momentum: 0.9, dampening: 0.5}}"),
            Texts{"5:29: optimizer 'sgd': nesterov needs dampening: 0"});
}

TEST_F(Conflict, IsFoundOnEveryAxis) {
  EXPECT_EQ(of("{sgd: {nesterov: true, momentum: {grid: [0.9, 0]}}}").size(), 1u);
  EXPECT_EQ(of("{sgd: {nesterov: {grid: [false, true]}, momentum: {grid: [0.5, 0.9]}}}"), Texts{});
  EXPECT_EQ(of("{sgd: {nesterov: {grid: [false, true]}, momentum: {grid: [0.5, 0]}}}").size(), 1u);
  EXPECT_EQ(
      of("{sgd: {nesterov: {grid: [false, true]}, momentum: 0.9, dampening: {grid: [0, 0.5]}}}")
          .size(),
      1u);
}

TEST_F(Conflict, IsFoundInOverrides) {
  EXPECT_EQ(problems(text(), {"optimizer={sgd: {nesterov: true}}"}).size(), 1u);
}

TEST_F(Conflict, PointsThatWhereLeavesOutDoNotCount) {
  EXPECT_EQ(problems({{"optimizer", "{sgd: {nesterov: true, momentum: {grid: [0.9, 0]}}}"},
                      {"where", "\"optimizer.momentum > 0\""}}),
            Texts{});
}

TEST_F(Conflict, RpropNeedsStepSizesInOrder) {
  EXPECT_EQ(of("{rprop: {step_size_min: 2, step_size_max: 1}}"),
            Texts{"5:36: optimizer 'rprop': step_size_min is above step_size_max"});
}

}  // namespace
}  // namespace descent::testing
