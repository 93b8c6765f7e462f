// SPDX-License-Identifier: MIT
// The accumulators of unfinished points: in a file next to the store that is gone in the end, read
// one at a time, and trained again when they are lost.
#include <atomic>
#include <random>
#include <thread>

#include "engine/footprint.h"
#include "engine/laboratory.h"
#include "store/store.h"

namespace descent {
namespace {

namespace fs = std::filesystem;

// Long enough to be stopped in the middle.
std::string lines(const std::string& data, const std::string& rest) {
  return R"(
experiment: lines
seed: 3
data: {synthetic: {function: 0.2 + 0.5*x, x: {uniform: [0, 1]}, )" +
         data + R"(}}
model: {layers: [{linear: 8}, tanh, {linear: auto}]}
optimizer: {sgd: {lr: {grid: [0.1, 0.01]}}}
train: {epochs: 2000, batch: 8}
)" + rest;
}

struct Kind {
  std::string name, yaml;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

// One of each kind of state; of the first, an epoch makes a piece, of the others several do.
const Kind kinds[] = {
    {"mse_of_many_points", lines("noise: {normal: 0.3}, train: 40, test: 9000",
                                 "loss: mse\nreplicates: 12\nrecord: {every: 200}\n")},
    {"mse_and_mae", lines("noise: {normal: 0.3}, train: 40, test: 30",
                          "loss: mse\nreplicates: 130\nrecord: {every: 200, decompose: [mae]}\n")},
    {"nll_brier_zero_one", lines("noise: bernoulli, train: 40, test: 30",
                                 "loss: bce_with_logits\nreplicates: 30\nrecord: {every: 200}\n")},
    {"nested", lines("noise: {normal: 0.3}, train: 40, test: 30",
                     "loss: mse\nreplicates: {count: 60, layout: nested, seeds: 3}\n")},
    {"until", lines("noise: {normal: 0.3}, train: 40, test: 30",
                    "loss: mse\nreplicates: {until: {total_se: 0.02}, max: 400}\n")},
};

class Accumulators : public Laboratory, public testing::WithParamInterface<Kind> {
 protected:
  // A store with some chunks of unfinished points.
  void interrupt(const std::string& store) const { run_until_stored(GetParam().yaml, store, {}); }

  void expect_resumed(const std::string& store) const {
    EXPECT_TRUE(run(GetParam().yaml, store).all_done());
    run(GetParam().yaml, "whole.db");
    EXPECT_EQ(store::dump(path(store)), store::dump(path("whole.db")));
    EXPECT_FALSE(fs::exists(scratch(store)));
  }

  std::string scratch(const std::string& store) const { return path(store) + "-scratch"; }
};

TEST_P(Accumulators, LeaveNothingBehind) {
  EXPECT_TRUE(run(GetParam().yaml, "a.db").all_done());
  EXPECT_FALSE(fs::exists(scratch("a.db")));
  EXPECT_LT(fs::file_size(path("a.db")), 4u << 20);  // the first kind accumulates 19 MB
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM chunks"), 0);
}

TEST_P(Accumulators, AreThereAfterAnInterruption) {
  interrupt("a.db");
  expect_resumed("a.db");
}

TEST_P(Accumulators, AreTrainedAgainWhenTheirFileIsLost) {
  interrupt("a.db");
  fs::remove(scratch("a.db"));
  expect_resumed("a.db");
}

TEST_P(Accumulators, AreTrainedAgainWhenTheirBytesAreDamaged) {
  interrupt("a.db");
  if (fs::exists(scratch("a.db"))) {
    std::mt19937 random(7);
    std::fstream bytes(scratch("a.db"), std::ios::in | std::ios::out | std::ios::binary);
    const auto size = fs::file_size(scratch("a.db"));
    for (int i = 0; i < 40; ++i) bytes.seekp(std::streamoff(random() % size)).put(char(random()));
  }
  expect_resumed("a.db");
}

INSTANTIATE_TEST_SUITE_P(Kinds, Accumulators, testing::ValuesIn(kinds),
                         [](const auto& kind) { return kind.param.name; });

using Undecomposed = Laboratory;

TEST_F(Undecomposed, HasItsRunsAndNothingElse) {
  const auto with = kinds[0].yaml;
  const std::vector<std::string> without{"record.decompose=none"};
  EXPECT_TRUE(run(with, "a.db", 2, false, without).all_done());
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM bias_variance"), 0);
  EXPECT_FALSE(fs::exists(path("a.db-scratch")));
  run(with, "whole.db");
  const std::string losses = "SELECT replicate, train_loss, test_loss FROM runs ORDER BY run_id";
  EXPECT_EQ(store::query(path("a.db"), losses, store::Format::csv),
            store::query(path("whole.db"), losses, store::Format::csv));
  EXPECT_EQ(run(with, "a.db", 2, false, without).trained(), 0u);
}

// A lock that another program holds for longer than this store would wait.
class Locked : public Laboratory {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "a fork next to a thread may find the sanitizer's allocator locked";
#endif
  }

  // Runs while another connection holds the lock from the first stored run on.
  engine::Outcome run_locked(double patience, const std::function<bool()>& is_over) const {
    const auto plugins = catalog();
    const std::vector<experiment::Experiment> experiments{experiment::Experiment::read(
        write("experiment.yaml", kinds[2].yaml), {"train.epochs=3000"}, plugins)};
    const engine::Plan plan(experiments, plugins);
    auto database = store::Store::open(path("a.db"), 0.05);
    engine::Runner runner(plan, database, {2, false, false, patience});
    std::thread other([&] {
      auto same = store::Store::open(path("a.db"));
      while (!(number("a.db", "SELECT count(*) FROM runs") > 0))
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      const store::Store::Transaction lock(same);
      while (!is_over()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    });
    volatile std::sig_atomic_t no_stop = 0;
    try {
      const auto outcome = runner.run(no_stop);
      is_given_up_ = true;
      other.join();
      return outcome;
    } catch (...) {
      is_given_up_ = true;
      other.join();
      throw;
    }
  }

  mutable std::atomic<bool> is_given_up_ = false;
};

TEST_F(Locked, ForAWhileCostsNothing) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(2500);
  const auto outcome = run_locked(600, [&] { return std::chrono::steady_clock::now() > end; });
  EXPECT_TRUE(outcome.all_done());
  run(kinds[2].yaml, "whole.db", 2, false, {"train.epochs=3000"});
  EXPECT_EQ(store::dump(path("a.db")), store::dump(path("whole.db")));
}

TEST_F(Locked, ForEverIsGivenUp) {
  try {
    run_locked(0.4, [&] { return is_given_up_.load(); });
    FAIL() << "nothing was waited for";
  } catch (const StoreError& error) {
    EXPECT_TRUE(std::string(error.what()).find("is locked by another process") != std::string::npos)
        << error.what();
  }
  for (const auto* store : {"a.db", "whole.db"})
    run(kinds[2].yaml, store, 2, false, {"train.epochs=3000"});
  EXPECT_EQ(store::dump(path("a.db")), store::dump(path("whole.db")));
}

using FootprintTest = Laboratory;

// 12 chunks of one run: 11 recorded epochs x 9000 test points x 8 bytes, and headers of 100 bytes.
TEST_F(FootprintTest, CountsTheAccumulatorsOfAPoint) {
  const auto plugins = catalog();
  const std::vector<experiment::Experiment> experiments{
      experiment::Experiment::read(write("experiment.yaml", kinds[0].yaml), {}, plugins)};
  const auto needed = engine::footprint(engine::Plan(experiments, plugins));
  EXPECT_EQ(needed.scratch, 12u * 11 * (9000 * 8 + 100));
  EXPECT_EQ(needed.worker, 2u * 11 * (9000 * 8 + 100) + 11 * 9000 * 8 + needed.model);
  EXPECT_EQ(engine::in_bytes(needed.scratch), "9.5 MB");
}

TEST_F(FootprintTest, ThatTheMachineDoesNotHaveIsRefusedWithARemedy) {
  const auto disk = engine::why_no_room({std::uint64_t(1) << 60, 0}, 1, path(""));
  EXPECT_NE(disk.find("of disk next to the store, which has "), disk.npos) << disk;
  EXPECT_NE(disk.find("record: {decompose: none}"), disk.npos) << disk;
  const auto memory = engine::why_no_room({0, std::uint64_t(1) << 60}, 2, path(""));
  EXPECT_NE(
      memory.find("the accumulated predictions of 2 workers need about 1152922 TB of memory each"),
      memory.npos)
      << memory;
  EXPECT_EQ(engine::why_no_room({1000, 1000}, 2, path("")), "");
  const auto model = std::uint64_t(1) << 60;
  EXPECT_TRUE(
      engine::why_no_room({0, model, model}, 1, path(""))
          .starts_with("weights and gradient of the largest model take 1152922 TB of memory "
                       "in each of 1 worker, and the machine has "));
}

TEST_F(FootprintTest, ReadsInUnits) {
  EXPECT_EQ(engine::in_bytes(0), "0 B");
  EXPECT_EQ(engine::in_bytes(999), "999 B");
  EXPECT_EQ(engine::in_bytes(1000), "1.0 kB");
  EXPECT_EQ(engine::in_bytes(416'000'000), "416 MB");
  EXPECT_EQ(engine::in_bytes(1'060'000'000), "1.1 GB");
}

}  // namespace
}  // namespace descent
