// SPDX-License-Identifier: MIT
// No memory is allocated in a training step after the first.
#include "allocations.h"

#include "host/optimizer.h"
#include "host/regularizer.h"
#include "train/model_pass.h"
#include "train/support.h"

namespace descent::testing {
namespace {

class NoAllocation : public ::testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "the sanitizer owns malloc";
#endif
    const auto before = allocations();
    const arma::vec large(1000, arma::fill::zeros);
    ASSERT_GT(allocations(), before) << "allocations are not counted: " << large(0);
  }
};

// Ten whole steps of a two-layer model: loss, backward, two penalties, optimizer. Its products are
// small enough not to need BLAS, as some of its kernels allocate.
template <class T>
std::size_t allocations_of_steps(const host::Plugin& loss_plugin,
                                 const host::Plugin& optimizer_plugin) {
  const nn::Model model({{{.units = 4}, {.kind = nn::LayerSpec::Kind::relu}, {.units = 3}}, {}}, 5,
                        3);
  Random random(1, "init");
  arma::Col<T> x, gradient;
  model.initialize(x, random);
  gradient.zeros(x.n_elem);
  train::Samples<T> samples;
  samples.features.randu(5, 10);
  if (loss_plugin->targets & DESCENT_CLASSES)
    samples.targets.classes.assign(10, 1);
  else
    samples.targets.values.randu(3, 10);
  std::vector<descent_block> blocks;
  for (const auto& b : model.blocks())
    blocks.push_back({b.name.c_str(), b.offset, b.rows, b.cols, b.is_bias});

  const auto catalog = all_plugins();
  const auto penalty = [&](const char* name) {
    const host::Plugin plugin = catalog.get(DESCENT_REGULARIZER, name);
    return host::Regularizer<T>(plugin, plugin.settle({}).hyperparameters, blocks);
  };
  host::Regularizer<T> l1 = penalty("l1"), spread = penalty("spread");
  host::Loss<T> loss(loss_plugin, loss_plugin.settle({}).hyperparameters, {}, DESCENT_MEAN);
  host::Optimizer<T> optimizer(optimizer_plugin, optimizer_plugin.settle({}).hyperparameters,
                               x.n_elem, blocks, 0);
  train::ModelPass<T> pass(model, samples, x, &gradient);
  const host::Objective<T> objective = [&](const arma::Col<T>&, arma::Col<T>* slope) {
    if (slope) *slope = gradient;
    return 1.0;
  };
  const auto step = [&] {
    pass.differentiate(&loss);
    l1.penalty(x, &gradient);
    spread.penalty(x, &gradient);
    optimizer.step(x, gradient, 1, 0, objective);
    l1.proximal(x, 0.01);
  };
  step();
  const auto before = allocations();
  for (int i = 0; i < 10; ++i) step();
  return allocations() - before;
}

TEST_F(NoAllocation, InTheStepsOfAnyLoss) {
  const auto catalog = host::Catalog({shipped_plugins()});
  const host::Plugin sgd = catalog.get(DESCENT_OPTIMIZER, "sgd");
  for (const char* name : {"mse", "l1", "bce_with_logits", "cross_entropy"}) {
    const host::Plugin loss = catalog.get(DESCENT_LOSS, name);
    EXPECT_EQ(allocations_of_steps<float>(loss, sgd), 0u) << name;
    EXPECT_EQ(allocations_of_steps<double>(loss, sgd), 0u) << name;
  }
}

TEST_F(NoAllocation, InTheStepsOfTheCommonOptimizers) {
  const auto catalog = host::Catalog({shipped_plugins()});
  const host::Plugin mse = catalog.get(DESCENT_LOSS, "mse");
  for (const char* name : {"sgd", "adam", "rmsprop"}) {
    const host::Plugin optimizer = catalog.get(DESCENT_OPTIMIZER, name);
    EXPECT_EQ(allocations_of_steps<float>(mse, optimizer), 0u) << name;
    EXPECT_EQ(allocations_of_steps<double>(mse, optimizer), 0u) << name;
  }
}

// The trainer's own loop: a run of many more epochs allocates no more.
TEST_F(NoAllocation, InTheEpochsOfATraining) {
  for (const std::uint64_t batch : {0, 32, 100}) {
    const auto allocated = [&](std::uint64_t epochs) {
      auto s = line(0.01, epochs);
      s.train.batch = batch;
      s.regularizers = {regularizer("l1", 0.01), regularizer("l2", 0.01)};
      const auto point = training(s);
      const auto before = allocations();
      const auto run = point.run(0, {});
      EXPECT_EQ(run.epochs, epochs) << run.reason;
      return allocations() - before;
    };
    EXPECT_EQ(allocated(500), allocated(5)) << "batch " << batch;
  }
}

}  // namespace
}  // namespace descent::testing
