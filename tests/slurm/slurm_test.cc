// SPDX-License-Identifier: MIT
// descent submit on a real Slurm: whatever kind of experiment is cut into shares, and whatever a
// user does meanwhile, the store is that of one machine.
#include "slurm/slurm_desk.h"

namespace descent {
namespace {

const std::string common =
    "data: {synthetic: {function: sin(6*x), x: {uniform: [0, 1]}, noise: {normal: 0.2}, "
    "train: 40, test: 30, validation: 20}}\n"
    "model: {layers: [{linear: 4}, tanh, {linear: 1}]}\nloss: mse\n";
const std::string grid =
    "experiment: a-grid\nseed: 3\n" + common +
    "optimizer: {grid: [{sgd: {lr: {grid: [0.01, 0.1]}}}, adam]}\n"
    "train: {epochs: {grid: [20, 40]}, batch: 8}\nreplicates: 40\nrecord: {every: 10}\n";
const std::string until = "experiment: until\nseed: 4\n" + common +
                          "optimizer: {sgd: {lr: {grid: [0.02, 0.3]}}}\ntrain: {epochs: 5}\n"
                          "replicates: {until: {total_se: 0.02}, max: 400}\n";
const std::string stages =
    "experiment: staged\nseed: 5\n" + common +
    "optimizer: {grid: [{sgd: {lr: {grid: [0.01, 0.1]}}}, {adam: {lr: {grid: [0.001, 0.1]}}}]}\n"
    "train: {epochs: 10}\nstages: {tune: 3, select: {per: optimizer}, rerun: 8}\n";
const std::string halved = "experiment: halved\nseed: 6\n" + common +
                           "optimizer: {grid: [{sgd: {lr: {grid: [0.001, 0.01, 0.05, 0.1, 0.2]}}}, "
                           "{adam: {lr: {grid: [0.001, 0.01, 0.1]}}}]}\n"
                           "train: {epochs: 20}\nreplicates: 3\nrecord: {every: 5}\n"
                           "prune: {asha: {min_epochs: 4, reduction: 2, per: optimizer}}\n";
const std::string no_test_set =
    "experiment: no-test\nseed: 7\n"
    "data: {synthetic: {function: 5*x, x: {uniform: [0, 1]}, noise: {normal: 0.2}, train: 40, "
    "test: 0}}\n"
    "model: {layers: [{linear: 4}, {linear: 1}]}\nloss: mse\n"
    "optimizer: {sgd: {lr: {grid: [0.01, 0.1]}}}\ntrain: {epochs: 6}\nreplicates: 60\n";
const std::string crossed =
    "experiment: crossed\nseed: 8\n" + common +
    "optimizer: {sgd: {lr: {grid: [0.01, 0.1]}}}\ntrain: {epochs: 4}\n"
    "replicates: {count: 40, layout: crossed, seeds: 4, vary: [data, init]}\n";

class SlurmJobs : public SlurmDesk {};

TEST_F(SlurmJobs, TrainAGridAsOneMachineDoes) {
  write("grid.yaml", grid);
  const auto begun = submit("4");
  ASSERT_EQ(begun.code, 0) << begun.err;
  EXPECT_TRUE(contains(begun.out, "round 1: 4 shares of 240 runs, jobs ")) << begun.out;
  const auto again = go_on();
  EXPECT_EQ(again.code, 2);
  EXPECT_TRUE(contains(again.err, "is under way")) << again.err;
  ASSERT_TRUE(ends());
  EXPECT_EQ(round(), 1u);
  expect_as_one_machine();
}

// So many shares that points are divided.
TEST_F(SlurmJobs, TrainFilesOfEveryKindTogether) {
  const Words files{"grid.yaml",   "until.yaml", "stages.yaml",
                    "halved.yaml", "bare.yaml",  "crossed.yaml"};
  const std::string texts[] = {grid, until, stages, halved, no_test_set, crossed};
  for (std::size_t i = 0; i < files.size(); ++i) write(files[i], texts[i]);
  ASSERT_EQ(submit("8", {files.begin() + 1, files.end()}).code, 0);
  ASSERT_TRUE(ends());
  EXPECT_TRUE(job()["has_divided"]);
  EXPECT_GE(round(), 3u);
  expect_as_one_machine(files);
}

TEST_F(SlurmJobs, TrainShortRoundsInTheCollector) {
  write("grid.yaml", stages);
  const auto begun = with_slurm({"submit", "grid.yaml", "--db", "out.db", "--cpus", "4"});
  EXPECT_EQ(begun.code, 0) << begun.err;
  EXPECT_TRUE(contains(begun.out, "round 1: 1 share of 12 runs, jobs ")) << begun.out;
  ASSERT_TRUE(ends());
  EXPECT_TRUE(
      contains(read_file(path("out.db.job/log")).value(), "round 2: trained by the collector"));
  expect_as_one_machine();
}

TEST_F(SlurmJobs, LoseANodeInTheMiddleOfAShare) {
  naps(3);
  ASSERT_EQ(submit("4").code, 0);
  ASSERT_TRUE(share_begins(1));
  cluster_->cut("n2");
  cluster_->ask("scontrol update nodename=n2 state=down reason=crash");
  ASSERT_TRUE(ends());
  expect_as_one_machine();
}

TEST_F(SlurmJobs, GoOnAfterTheyWereCancelled) {
  naps(3);
  ASSERT_EQ(submit("4").code, 0);
  ASSERT_TRUE(share_begins());
  const auto ids = job()["collector"].get<std::string>() + " " + job()["array"].get<std::string>();
  cluster_->ask("scancel " + ids);
  ASSERT_TRUE(within(180, [&] { return queue_is_empty(); }));
  EXPECT_TRUE(exists("round-1/0.db")) << "a share that is stopped saves";
  ASSERT_EQ(go_on().code, 0);
  EXPECT_EQ(round(), 2u);
  ASSERT_TRUE(ends());
  expect_as_one_machine();
}

TEST_F(SlurmJobs, TrainWhatWasSubmittedWhateverIsEdited) {
  write("grid.yaml", grid);
  cluster_->ask("scontrol update nodename=ALL state=drain reason=test");
  ASSERT_EQ(submit("3").code, 0);
  write("grid.yaml", "experiment: something else\n");
  cluster_->ask("scontrol update nodename=ALL state=resume");
  ASSERT_TRUE(ends());
  write("grid.yaml", grid);
  expect_as_one_machine();
}

TEST_F(SlurmJobs, ShowWhyTheyWait) {
  write("grid.yaml", small_experiment);
  cluster_->ask("scontrol update nodename=ALL state=drain reason=test");
  ASSERT_EQ(submit("2").code, 0);
  const auto array = job()["array"].get<std::string>();
  cluster_->ask("scontrol hold " + array);
  const auto status = with_slurm({"status", "out.db.job"});
  EXPECT_TRUE(contains(status.out, "2 PENDING (JobHeld")) << status.out;
  cluster_->ask("scontrol release " + array);
  cluster_->ask("scontrol update nodename=ALL state=resume");
  ASSERT_TRUE(ends());
}

TEST_F(SlurmJobs, StoreTheRunsOfAPluginThatCrashes) {
  write("grid.yaml", small_experiment);
  const Words more{"--set", "optimizer={grid: [sgd, segfaults]}"};
  ASSERT_EQ(submit("2", more).code, 0);
  ASSERT_TRUE(ends());
  expect_as_one_machine({"grid.yaml", more[0], more[1]}, 1);
}

TEST_F(SlurmJobs, AreRefusedInTheWordsOfTheScheduler) {
  write("grid.yaml", small_experiment);
  const auto result = submit("2", {"--slurm", "-p nowhere"});
  EXPECT_EQ(result.code, 5) << result.err;
  EXPECT_TRUE(contains(result.err, "invalid partition")) << result.err;
  for (const auto& [option, reason] :
       {std::pair("--array=0-3", "--slurm: --array is set by submit; leave it out"),
        std::pair("-p main -t 4", "--slurm: a time limit of 4 leaves a share no time")}) {
    const auto mine = with_slurm({"submit", "grid.yaml", "--db", "b.db", "--slurm", option});
    EXPECT_EQ(mine.code, 2);
    EXPECT_TRUE(contains(mine.err, reason)) << mine.err;
  }
}

}  // namespace
}  // namespace descent
