// SPDX-License-Identifier: MIT
// Ctrl-C and kill -9 in the middle of a grid: what was finished is kept, nobody is left behind, and
// the rest makes the store that an uninterrupted run would have made.
#include <signal.h>

#include <random>
#include <thread>

#include "cli/desk.h"
#include "store/dump.h"

namespace descent {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

#ifdef __SANITIZE_ADDRESS__
const int replicates = 50;  // everything takes its time
#else
const int replicates = 250;
#endif

// Some seconds of work in four points, the last of them all failures.
const std::string long_grid = R"(experiment: long-grid
seed: 8
data: {synthetic: {function: sin(6*x), x: {uniform: [0, 1]}, noise: {normal: 0.1}, train: 200, test: 50}}
model: {layers: [{linear: 16}, tanh, {linear: 1}]}
loss: mse
optimizer: {grid: [{adam: {lr: {grid: [0.001, 0.01]}}}, {sgd: {lr: 0.1}}, throws]}
train: {epochs: 100, batch: 20}
record: {every: 20}
)";

class Interrupt : public Desk {
 protected:
  Interrupt() {
    write("long.yaml", long_grid + "replicates: " + std::to_string(replicates) + "\n");
  }

  Invocation long_run(const std::string& store, unsigned workers) const {
    return invocation({"run", "long.yaml", "--db", store, "--workers", std::to_string(workers),
                       "--plugins", test_plugins(), "--json"});
  }

  json complete(const std::string& store, unsigned workers) const {
    const auto result = run(long_run(store, workers));
    EXPECT_EQ(result.code, 1) << result.err;  // throws fails
    return json::parse(result.out);
  }

  int stored_runs(const std::string& store) const {
    return std::stoi(
        descent({"sql", store, "SELECT count(*) AS n FROM runs", "--format", "csv"}).out.substr(3));
  }
};

std::vector<pid_t> wait_for_workers(pid_t parent, std::size_t count) {
  const auto deadline = Clock::now() + std::chrono::seconds(30);
  auto workers = children_of(parent);
  while (workers.size() < count && Clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(5));
    workers = children_of(parent);
  }
  return workers;
}

// Ended a moment after its parent, at the latest.
bool all_end(const std::vector<pid_t>& processes) {
  const auto deadline = Clock::now() + std::chrono::seconds(5);
  const auto running = [&] { return std::ranges::any_of(processes, is_running); };
  while (running() && Clock::now() < deadline) std::this_thread::sleep_for(milliseconds(5));
  return !running();
}

TEST_F(Interrupt, ByControlCKeepsWhatIsFinishedAndResumes) {
  complete("whole.db", 2);
  Process process(long_run("a.db", 2));
  const auto workers = wait_for_workers(process.pid(), 2);
  ASSERT_EQ(workers.size(), 2u);
  while (stored_runs("a.db") == 0) std::this_thread::sleep_for(milliseconds(20));
  process.press_control_c();
  const auto pressed = Clock::now();
  const auto result = process.wait();
  EXPECT_LT(Clock::now() - pressed, std::chrono::seconds(1));
  EXPECT_EQ(result.code, 130);
  EXPECT_TRUE(json::parse(result.out)["interrupted"]);
  EXPECT_EQ(result.err,
            "interrupted: every finished chunk is stored; the same command continues from there\n");
  EXPECT_TRUE(all_end(workers));
  const auto trained = json::parse(result.out)["trained"].get<int>();
  EXPECT_GT(trained, 0);
  EXPECT_LT(trained, 4 * replicates);
  EXPECT_EQ(stored_runs("a.db"), trained);
  const auto plan =
      descent({"plan", "long.yaml", "--db", "a.db", "--plugins", test_plugins(), "--json"});
  EXPECT_EQ(json::parse(plan.out)["experiments"][0]["stored"], trained) << plan.err;
  const auto rest = complete("a.db", 1);
  EXPECT_EQ(rest["stored"], trained);
  EXPECT_EQ(rest["trained"], 4 * replicates - trained);
  EXPECT_EQ(store::dump(path("a.db")), store::dump(path("whole.db")));
}

TEST_F(Interrupt, BySigtermIsTheSame) {
  Process process(long_run("a.db", 2));
  ASSERT_EQ(wait_for_workers(process.pid(), 2).size(), 2u);
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait().code, 130);
}

TEST_F(Interrupt, ByKillAtAnyMomentLosesOnlyWhatWasUnderWay) {
  complete("whole.db", 2);
  std::mt19937 random(7);
  int killed = 0;
  for (int i = 0; i < 8; ++i) {
    Process process(long_run("a.db", 1 + unsigned(i) % 3));
    std::this_thread::sleep_for(milliseconds(20 + random() % 400));
    const auto workers = children_of(process.pid());
    process.signal(SIGKILL);
    killed += process.wait().code == 128 + SIGKILL;
    EXPECT_TRUE(all_end(workers)) << "no worker outlives its parent";
  }
  EXPECT_GE(killed, 4) << "the grid is too short for this test";
  complete("a.db", 3);
  EXPECT_EQ(store::dump(path("a.db")), store::dump(path("whole.db")));
}

}  // namespace
}  // namespace descent
