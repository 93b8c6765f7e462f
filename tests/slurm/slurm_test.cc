// SPDX-License-Identifier: MIT
// descent submit on a real Slurm: whatever happens to nodes, controller and jobs, the store is that
// of one machine.
#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "cli/job_desk.h"
#include "slurm/cluster.h"

namespace descent {
namespace {

using Clock = std::chrono::steady_clock;

const std::string grid =
    "experiment: a-grid\nseed: 3\n"
    "data: {synthetic: {function: sin(6*x), x: {uniform: [0, 1]}, noise: {normal: 0.2}, "
    "train: 40, test: 30}}\n"
    "model: {layers: [{linear: 8}, tanh, {linear: 1}]}\nloss: mse\n"
    "optimizer: {grid: [{sgd: {lr: {grid: [0.01, 0.1]}}}, adam]}\n"
    "train: {epochs: {grid: [20, 40]}, batch: 8}\nreplicates: 40\nrecord: {every: 10}\n";

class SlurmJobs : public JobDesk {
 protected:
  void SetUp() override {
    if (const auto why = SlurmCluster::objection(); !why.empty()) GTEST_SKIP() << why;
    cluster_ = std::make_unique<SlurmCluster>();
    write("grid.yaml", grid);
  }

  Result with_slurm(Words words) const {
    auto request = invocation(std::move(words));
    request.environment = cluster_->environment();
    return run(request);
  }
  Result submit(const std::string& shares, Words more = {}) const {
    Words words{"submit", "grid.yaml", "--db", "out.db", "--cpus", "4", "--shares", shares};
    words.insert(words.end(), more.begin(), more.end());
    return with_slurm(words);
  }
  bool is_done() const { return job().value("is_done", false); }
  bool ends(int seconds = 120) const {
    const auto end = Clock::now() + std::chrono::seconds(seconds);
    while (!is_done() && Clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return is_done();
  }
  bool share_begins(int seconds = 60) const {
    const auto end = Clock::now() + std::chrono::seconds(seconds);
    while (!std::filesystem::exists(path("out.db.job/round-1/0.json")) && Clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return Clock::now() < end;
  }
  std::string state() const {
    return cluster_->ask("squeue; sinfo") + descent({"status", "out.db.job"}).out +
           read_file(path("out.db.job/log")).value_or("") +
           read_file(path("out.db.job/collect.log")).value_or("");
  }

  std::unique_ptr<SlurmCluster> cluster_;
};

TEST_F(SlurmJobs, TrainAGridAsOneMachineDoes) {
  const auto begun = submit("4");
  ASSERT_EQ(begun.code, 0) << begun.err;
  EXPECT_TRUE(contains(begun.out, "round 1: 4 shares of 240 runs, jobs ")) << begun.out;
  const auto again = with_slurm({"submit", "--job", "out.db.job"});
  EXPECT_EQ(again.code, 2);
  EXPECT_TRUE(contains(again.err, "is under way")) << again.err;
  ASSERT_TRUE(ends()) << state();
  expect_as_by({"grid.yaml"});
}

TEST_F(SlurmJobs, LoseANodeAndTheController) {
  ASSERT_EQ(submit("6").code, 0);
  ASSERT_TRUE(share_begins()) << state();
  cluster_->cut("n2");
  cluster_->ask("scontrol update nodename=n2 state=down reason=crash");
  cluster_->cut("controller");
  cluster_->start("controller");
  ASSERT_TRUE(ends(240)) << state();
  expect_as_by({"grid.yaml"});
}

TEST_F(SlurmJobs, GoOnAfterTheyWereCancelled) {
  ASSERT_EQ(submit("4").code, 0);
  ASSERT_TRUE(share_begins()) << state();
  const auto ids = job()["collector"].get<std::string>() + " " + job()["array"].get<std::string>();
  cluster_->ask("scancel " + ids);
  for (int i = 0; i < 100 && !cluster_->ask("squeue -h").empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto again = with_slurm({"submit", "--job", "out.db.job"});
  EXPECT_EQ(again.code, 0) << again.err;
  ASSERT_TRUE(ends()) << state();
  expect_as_by({"grid.yaml"});
}

TEST_F(SlurmJobs, AreRefusedInTheWordsOfTheScheduler) {
  const auto result = submit("2", {"--slurm", "-p nowhere"});
  EXPECT_EQ(result.code, 5) << result.err;
  EXPECT_TRUE(contains(result.err, "invalid partition")) << result.err;
  const auto mine = with_slurm({"submit", "grid.yaml", "--db", "b.db", "--slurm", "--array=0-3"});
  EXPECT_EQ(mine.code, 2);
  EXPECT_TRUE(contains(mine.err, "--slurm: --array is set by submit")) << mine.err;
}

}  // namespace
}  // namespace descent
