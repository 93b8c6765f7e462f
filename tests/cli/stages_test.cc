// SPDX-License-Identifier: MIT
// Tune, select, rerun in one command: what it prints and stores, the same after interruptions.
#include <signal.h>

#include <thread>

#include "cli/desk.h"
#include "store/dump.h"

namespace descent {
namespace {

using nlohmann::json;

const std::string staged = R"(experiment: tuned
seed: 3
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 40, validation: 50, test: 60}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {grid: [{sgd: {lr: {grid: [0.01, 0.1, 1.0e+5]}}}, {adam: {lr: {grid: [0.001, 0.1]}}}]}
train: {epochs: 60}
record: {every: 30}
stages: {tune: 3, select: {per: optimizer}, rerun: 8}
)";

class StagesRun : public Desk {
 protected:
  StagesRun() { write("tuned.yaml", staged); }

  Words command(const std::string& store, const std::string& more = "--quiet") const {
    return {"run", "tuned.yaml", "--db", store, more};
  }
  std::string ask(const std::string& store, const std::string& sql) const {
    auto text = descent({"sql", store, sql, "--format", "csv"}).out;
    std::erase(text, '\r');
    return text.substr(text.find('\n') + 1);
  }
};

TEST_F(StagesRun, SelectOnValidationAndReportOnFreshReplicates) {
  const auto result = descent({"run", "tuned.yaml", "--db", "a.db"});
  EXPECT_EQ(result.code, 1) << "sgd at 1e5 diverges\n" << result.err;
  EXPECT_TRUE(contains(result.out, "5 points, 15 runs")) << result.out;
  EXPECT_TRUE(contains(result.out, "tuned: chosen by mean validation_loss")) << result.out;
  EXPECT_TRUE(contains(result.out, "2 points, 16 runs: 0 stored before, 16 trained")) << result.out;
  EXPECT_TRUE(contains(result.out, "tuned-rerun: points selected from 'tuned'")) << result.out;
  EXPECT_EQ(ask("a.db", "SELECT per, chosen, rank, failed, reason FROM selections"),
            "optimizer=sgd,0,2,0,2nd of 2 by mean validation_loss\n"
            "optimizer=sgd,1,1,0,1st of 2 by mean validation_loss\n"
            "optimizer=sgd,0,,3,3 of 3 runs are not done\n"
            "optimizer=adam,0,2,0,2nd of 2 by mean validation_loss\n"
            "optimizer=adam,1,1,0,1st of 2 by mean validation_loss\n");
  // The value is the mean over the runs; the rerun has the configuration of the chosen point.
  EXPECT_EQ(
      ask("a.db",
          "SELECT count(*) FROM selections s JOIN tuned t USING (point_id) JOIN tuned_rerun r "
          "ON r.point_id = s.rerun_point_id WHERE s.value = t.validation_loss_mean AND "
          "t.optimizer = r.optimizer AND t.\"optimizer.lr\" = r.\"optimizer.lr\""),
      "2\n");
  EXPECT_EQ(ask("a.db",
                "SELECT min(replicate), max(replicate), count(*) FROM runs JOIN points USING "
                "(point_id) JOIN experiments USING (experiment_id) WHERE name = 'tuned-rerun'"),
            "3,10,16\n");
}

TEST_F(StagesRun, NeverChooseAPrunedPoint) {
  write("tuned.yaml", R"(experiment: tuned
seed: 4
data: {synthetic: {function: sin(6*x), x: {uniform: [0, 1]}, noise: {normal: 0.3}, train: 20, test: 50, validation: 20}}
model: {layers: [{linear: 8}, tanh, {linear: 1}]}
loss: mse
optimizer: {adam: {lr: {grid: [0.001, 0.01, 0.1, 0.3]}}}
train: {epochs: 60, stop: {metric: validation_loss, patience: 2}}
prune: {asha: {metric: validation_loss, min_epochs: 12, reduction: 2}}
stages: {tune: 6, select: {failures: done, top: 4}, rerun: 5}
)");
  const auto result = descent(command("a.db"));
  EXPECT_EQ(result.code, 0) << result.err;
  const std::string pruned = "SELECT point_id FROM runs WHERE status = 'pruned'";
  EXPECT_NE(ask("a.db",
                "SELECT count(*) FROM runs WHERE status = 'done' AND point_id IN (" + pruned + ")"),
            "0\n")
      << "no run ended before its point was pruned";
  EXPECT_EQ(
      ask("a.db", "SELECT count(*) FROM selections WHERE chosen AND point_id IN (" + pruned + ")"),
      "0\n");
}

TEST_F(StagesRun, AreStoredAndNotRunAgain) {
  descent(command("a.db"));
  const auto before = store::dump(path("a.db"));
  const auto again = json::parse(descent(command("a.db", "--json")).out);
  EXPECT_EQ(again["trained"], 0);
  EXPECT_EQ(again["rerun"]["trained"], 0);
  EXPECT_EQ(again["rerun"]["stored"], 16);
  EXPECT_EQ(again["selections"][0]["chosen"].size(), 2u);
  EXPECT_EQ(store::dump(path("a.db")), before);
}

TEST_F(StagesRun, ArePlanned) {
  const auto plan = [&] {
    return json::parse(descent({"plan", "tuned.yaml", "--db", "a.db", "--json"}).out);
  };
  auto rows = plan()["experiments"];
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1]["experiment"], "tuned-rerun");
  EXPECT_EQ(rows[1]["points"], 2);
  EXPECT_EQ(rows[1]["new"], 16);
  descent(command("a.db"));
  rows = plan()["experiments"];
  EXPECT_EQ(rows[0]["new"], 0);
  EXPECT_EQ(rows[1]["new"], 0);
}

// Whatever is killed, before, in and after the choice: the same command makes the same store.
TEST_F(StagesRun, EndInTheSameStoreAfterInterruptions) {
  auto slow = staged;
  slow.replace(slow.find("epochs: 60"), 10, "epochs: 4000");
  write("tuned.yaml", slow);
  descent(command("whole.db"));
  const auto expected = store::dump(path("whole.db"));
  for (const int number : {SIGINT, SIGKILL}) {
    const auto store = std::to_string(number) + ".db";
    for (const int milliseconds : {60, 90, 120, 150}) {
      Process process(
          invocation({"run", "tuned.yaml", "--db", store, "--quiet", "--workers", "3"}));
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
      process.signal(number);
      process.wait();
    }
    descent(command(store));
    EXPECT_EQ(store::dump(path(store)), expected) << "signal " << number;
  }
}

TEST_F(StagesRun, SayWhenNothingCanBeChosen) {
  const auto result = descent({"run", "tuned.yaml", "--db", "a.db", "--set",
                               "optimizer={sgd: {lr: {grid: [1.0e+5, "
                               "1.0e+6]}}}",
                               "--set", "stages.select={}"});
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_TRUE(contains(result.out,
                       "tuned: no point can be chosen; of the first, 3 of 3 runs are not done\n"))
      << result.out;
  EXPECT_EQ(ask("a.db", "SELECT count(*) FROM experiments"), "1\n");
}

}  // namespace
}  // namespace descent
