// SPDX-License-Identifier: MIT
// How runs end: with which status, reason and place.
#include <cmath>

#include "train/support.h"

namespace descent::testing {
namespace {

TEST(Ending, IsDivergedWhenTheLossOverflows) {
  const auto run = train(line(10, 1000));
  EXPECT_EQ(run.status, record::Status::diverged);
  EXPECT_LT(run.steps, 1000u);
  EXPECT_GT(run.steps, 50u);
  EXPECT_EQ(run.epochs, run.steps);
  const auto at = std::to_string(run.steps + 1);
  EXPECT_TRUE(run.reason.starts_with("the loss is inf at step " + at + " (epoch " + at + "): "))
      << run.reason;
  EXPECT_TRUE(std::isfinite(run.last_finite_loss));
  EXPECT_GT(run.last_finite_loss, 1e250);
  EXPECT_EQ(curve(run, record::Metric::train_loss).size(), 1u) << "epoch 0 is kept";
}

TEST(Ending, IsDivergedInFloatSooner) {
  auto s = line(10, 1000);
  const auto steps = train(s).steps;
  s.dtype = Element::float32;
  const auto run = train(s);
  EXPECT_EQ(run.status, record::Status::diverged);
  EXPECT_LT(run.steps, steps);
  EXPECT_LT(run.last_finite_loss, 3.5e38);
}

TEST(Ending, IsFailedWithThePluginsWordsAndPlace) {
  auto s = line(0.01, 10);
  s.optimizer = optimizer("throwing", {{"at", 5}});
  s.train.batch = 128;
  const auto run = train(s);
  EXPECT_EQ(run.status, record::Status::failed);
  EXPECT_EQ(run.reason, "optimizer 'throwing': cannot go on (epoch 3, step 5)");
  EXPECT_EQ(run.epochs, 2u);
  EXPECT_EQ(run.steps, 4u);
  EXPECT_EQ(weights(run).n_elem, 2u);
  EXPECT_TRUE(std::isfinite(run.last_finite_loss));
}

TEST(Ending, IsTimeoutWhenTheLimitIsOver) {
  auto s = line(0.01, 1000);
  s.train.timeout_seconds = 1e-9;
  const auto run = train(s);
  EXPECT_EQ(run.status, record::Status::timeout);
  EXPECT_EQ(run.reason, "longer than 1e-09 s after step 1 (epoch 1)");
  EXPECT_EQ(run.steps, 1u);
}

TEST(Ending, IsDoneWithinTheLimit) {
  auto s = line();
  s.train.timeout_seconds = 60;
  EXPECT_EQ(train(s).status, record::Status::done);
}

TEST(Ending, HasANameForEveryStatus) {
  EXPECT_EQ(record::status_name(record::Status::done), "done");
  EXPECT_EQ(record::status_name(record::Status::diverged), "diverged");
  EXPECT_EQ(record::status_name(record::Status::failed), "failed");
  EXPECT_EQ(record::status_name(record::Status::timeout), "timeout");
  EXPECT_EQ(record::status_name(record::Status::crashed), "crashed");
}

}  // namespace
}  // namespace descent::testing
