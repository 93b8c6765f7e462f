// SPDX-License-Identifier: MIT
// A plugin that crashes, hangs, throws, leaves or returns NaN costs exactly its own runs.
#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "engine/laboratory.h"

namespace descent {
namespace {

using BrokenPlugins = Laboratory;

// The limit that a run must not meet on a busy machine is far above what it takes.
std::string with(const std::string& broken) {
  const std::string limit = broken == "loops_for_ever" || broken == "stops" ? "1s" : "60s";
  return R"(
experiment: broken
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 20, test: 10}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {grid: [{sgd: {lr: 0.1}}, )" +
         broken + R"(, adam]}
train: {epochs: 10, memory: 80MB, timeout: )" +
         limit + R"(}
replicates: 3
record: {every: 2}
)";
}

struct Broken {
  std::string plugin;  // as in the grid
  std::string status;
  std::string reason;  // a part of it
};

void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.plugin; }

// A sanitizer turns a signal of bad memory into its own exit, and reports the number of the
// process.
#ifdef __SANITIZE_ADDRESS__
const std::string end_of_segfaults = "exited with code 1";
const std::string end_of_damage = "exited with code 1";
const std::string same_every_time = "exits, throws, returns_nan";
#else
const std::string end_of_segfaults = "signal 11";
const std::string end_of_damage = "killed by signal";
const std::string same_every_time = "segfaults, exits, {segfaults: {at: 7}}, throws, returns_nan";
#endif

class BrokenPlugin : public Laboratory, public testing::WithParamInterface<Broken> {};

TEST_P(BrokenPlugin, CostsItsOwnRunsAndNoOthers) {
  const auto& [plugin, status, reason] = GetParam();
  const auto outcome = run(with(plugin), "a.db");
  EXPECT_FALSE(outcome.all_done());
  EXPECT_EQ(outcome.trained(), 9u);
  const auto name = plugin.substr(0, plugin.find(':'));
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE status = 'done'"), 6);
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM runs JOIN parameters USING (point_id) WHERE path = "
                   "'optimizer' AND text = '" +
                       name + "' AND status = '" + status + "'"),
            3);
  const auto message = text("a.db", "SELECT reason FROM runs WHERE status <> 'done' LIMIT 1");
  EXPECT_NE(message.find(reason), message.npos) << message;
  EXPECT_EQ(number("a.db", "SELECT done FROM broken WHERE optimizer = '" + name + "'"), 0);
  EXPECT_TRUE(ask("a.db",
                  "SELECT * FROM bias_variance JOIN results USING (point_id) WHERE done = 0 "
                  "AND bias_variance.bias2 IS NOT NULL")
                  .empty());
  EXPECT_EQ(run(with(plugin), "a.db").trained(), 0u) << "a known failure is not tried again";
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, BrokenPlugin,
    testing::Values(Broken{"segfaults", "crashed", end_of_segfaults},
                    Broken{"loops_for_ever", "timeout", "longer than 1 s"},
                    Broken{"throws", "failed", "I give up on purpose (epoch 3, step 3)"},
                    Broken{"returns_nan", "diverged", "the loss is nan at step 4 (epoch 4)"},
                    Broken{"exits", "crashed", "last output: these are my last words"},
                    Broken{"leaves", "crashed", "exited with code 0 in the middle of the run"},
                    Broken{"aborts", "crashed", "signal 6"},
                    Broken{"raises", "crashed", "killed by signal 15"},
                    Broken{"kills_itself", "crashed", "killed by signal 9"},
                    Broken{"stops", "timeout", "longer than 1 s"},
                    Broken{"throws_a_number", "failed", "that is not a std::exception"},
                    Broken{"longjmps", "crashed", end_of_segfaults},
                    Broken{"overflows_the_stack", "crashed", end_of_segfaults},
                    Broken{"corrupts_the_heap", "crashed", end_of_damage},
                    Broken{"closes_files", "crashed", "closed the descriptors of its process"},
                    Broken{"closes_files_at_once", "crashed",
                           "closed the descriptors of its process"},
                    Broken{"writes_files", "crashed", "wrote into the descriptors of its process"},
                    Broken{"forks", "crashed", "signal 6"}),
    [](const auto& one) { return one.param.plugin; });

#ifndef __SANITIZE_ADDRESS__  // it manages memory in its own way
INSTANTIATE_TEST_SUITE_P(Leaks, BrokenPlugin,
                         testing::Values(Broken{"leaks", "failed",
                                                "out of memory: train.memory is 80MB"},
                                         Broken{"leaks_in_c", "crashed",
                                                "it had filled its memory: train.memory is 80MB"}),
                         [](const auto& one) { return one.param.plugin; });

// OpenBLAS takes 128 MB with its first product, and asks again and again where there is less.
TEST_F(BrokenPlugins, ALimitOfMemoryLeavesRoomForProducts) {
  const auto outcome = run(with("sgd"), "a.db", 1, false,
                           {"optimizer=adam", "model.layers=[{linear: 30}, tanh, {linear: 1}]"});
  EXPECT_TRUE(outcome.all_done());
}

// Twelve runs in one process would lose 192 MB; each chunk fits into a process of its own.
TEST_F(BrokenPlugins, AnEarlierChunksLeakIsNotHeldAgainstALaterOne) {
  const auto outcome = run(with("drips"), "a.db", 1, false, {"replicates=12"});
  EXPECT_EQ(outcome.trained(), 36u);
  const auto done = number("a.db", "SELECT count(*) FROM runs WHERE status = 'done'");
  run(with("drips"), "b.db", 2, false, {"replicates=12"});
  EXPECT_EQ(done, number("b.db", "SELECT count(*) FROM runs WHERE status = 'done'"));
  EXPECT_EQ(store::dump(path("a.db")), store::dump(path("b.db")));
}
#endif

// Processes by that name, wherever they hang.
int processes_named(const std::string& name) {
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream comm(entry.path() / "comm"), stat(entry.path() / "stat");
    std::string word, pid, in_parentheses, state;
    if (!(comm >> word) || word != name) continue;
    found += bool(stat >> pid >> in_parentheses >> state) && state != "Z";
  }
  return found;
}

TEST_F(BrokenPlugins, WhatAPluginStartsEndsWithItsWorker) {
  EXPECT_EQ(run(with("forks"), "a.db").trained(), 9u);
  const auto name = "left-" + std::to_string(getpid());        // as forks.cc calls its child
  for (int i = 0; i < 1000 && processes_named(name) > 0; ++i)  // a signal needs its time
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(processes_named(name), 0);
}

TEST_F(BrokenPlugins, AForkedCopyOfAWorkerIsNoWorker) {
  const auto outcome = run(with("forks_on"), "a.db");
  EXPECT_TRUE(outcome.all_done());
  EXPECT_EQ(outcome.trained(), 9u);
}

// The points after it read their data by a relative path, through a descriptor of their own.
TEST_F(BrokenPlugins, WhatAPluginChangesOfItsProcessIsUndone) {
  write("data.csv", "x,y\n1,2\n2,4\n3,6\n4,8\n");
  const std::string yaml = R"(
experiment: changed
data: {csv: {path: data.csv, target: y}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {grid: [changes_its_process, {sgd: {lr: 0.01}}]}
seed: {grid: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}
train: {epochs: 5}
replicates: {count: 3, resample: bootstrap}
)";
  const auto outcome = run(yaml, "a.db", 1);
  EXPECT_EQ(outcome.trained(), 60u);
  EXPECT_TRUE(outcome.all_done());
}

// Weights this small are denormal numbers of float32: they are zero only where the processor has
// been set to make them so.
const std::string denormal_grid = R"(
experiment: denormal
seed: 3
data: {synthetic: {function: 0*x, x: {uniform: [0, 1]}, train: 32, test: 20}}
model: {layers: [{linear: 4}, tanh, {linear: 1}], init: {normal: 1.0e-38}}
loss: mse
optimizer: {grid: [{sgd: {lr: 0.1}}, changes_floating_point]}
regularizer: {l2: {lambda: 0.9}}
train: {epochs: 40, batch: 8}
replicates: 5
)";

TEST_F(BrokenPlugins, FloatingPointThatAPluginChangesIsChangedForItselfAlone) {
  const std::string zeros =
      "SELECT sum(zero_weights) FROM runs JOIN parameters USING (point_id) "
      "WHERE path = 'optimizer' AND text = 'sgd'";
  EXPECT_TRUE(run(denormal_grid, "a.db").all_done());
  EXPECT_TRUE(
      run(denormal_grid, "b.db", 2, false, {"optimizer=sgd", "optimizer.lr=0.1"}).all_done());
  EXPECT_EQ(number("a.db", zeros), number("b.db", zeros));
  EXPECT_EQ(number("a.db", zeros), 0);
}

// With 150 replicates, some chunks have two: the second would begin with the rounding of the first.
TEST_F(BrokenPlugins, ARunDoesNotInheritTheRoundingOfTheOneBefore) {
  const auto losses = [&](const std::string& store) {
    return ask(store, "SELECT replicate, train_loss FROM runs WHERE replicate < 100 ORDER BY 1");
  };
  const std::vector<std::string> only = {"optimizer=changes_floating_point"};
  for (const std::string count : {"100", "150"}) {
    auto values = only;
    values.push_back("replicates=" + count);
    values.push_back("model.init.normal=0.1");
    values.push_back("optimizer.at=10");
    EXPECT_TRUE(run(denormal_grid, count + ".db", 2, false, values).all_done());
  }
  EXPECT_EQ(losses("100.db"), losses("150.db"));
}

TEST_F(BrokenPlugins, TheStoreIsTheSameForAnyNumberOfWorkers) {
  const auto grid = with(same_every_time);
  run(grid, "one.db", 1);
  run(grid, "two.db", 2);
  EXPECT_EQ(store::dump(path("one.db")), store::dump(path("two.db")));
}

// The child processes of this one.
std::vector<pid_t> children() {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream status(entry.path() / "stat");
    std::string pid, name, state;
    pid_t parent = 0;
    if (status >> pid >> name >> state >> parent && parent == getpid())
      found.push_back(std::stoi(pid));
  }
  return found;
}

TEST_F(BrokenPlugins, AWorkerKilledFromOutsideCostsNothing) {
  const std::string yaml = R"(
experiment: killed
data: {synthetic: {function: sin(6*x), x: {uniform: [0, 1]}, noise: {normal: 0.1}, train: 200, test: 50}}
model: {layers: [{linear: 16}, tanh, {linear: 1}]}
loss: mse
optimizer: adam
train: {epochs: 100, batch: 20}
replicates: 60
)";
  run(yaml, "whole.db");
  std::atomic<bool> over = false;
  int killed = 0;
  std::thread killer([&] {
    while (!over && killed < 3) {
      std::this_thread::sleep_for(std::chrono::milliseconds(60));
      for (const auto pid : children()) {
        if (over || killed >= 3) break;
        killed += kill(pid, SIGKILL) == 0;
        break;
      }
    }
  });
  const auto outcome = run(yaml, "killed.db");
  over = true;
  killer.join();
  EXPECT_GT(killed, 0);
  EXPECT_TRUE(outcome.all_done());
  EXPECT_EQ(store::dump(path("killed.db")), store::dump(path("whole.db")));
}

}  // namespace
}  // namespace descent
