// SPDX-License-Identifier: MIT
// Jobs by hand on which something goes wrong: damaged and foreign parts, processes that are killed,
// disks that are full, machines that compute other bits.
#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <random>
#include <thread>

#include "cli/job_desk.h"

namespace descent {
namespace {

namespace fs = std::filesystem;

const std::string wide_grid =
    "experiment: a-grid\nseed: 3\n"
    "data: {synthetic: {function: sin(6*x), x: {uniform: [0, 1]}, noise: {normal: 0.2}, "
    "train: 40, test: 30}}\n"
    "model: {layers: [{linear: 40}, tanh, {linear: 1}]}\nloss: mse\n"
    "optimizer: {grid: [{sgd: {lr: {grid: [0.01, 0.1]}}}, adam]}\n"
    "train: {epochs: 10, batch: 8}\nreplicates: 25\nrecord: {every: 5, weights: true}\n";

class ExhaustiveSubmitFaults : public JobDesk {
 protected:
  ExhaustiveSubmitFaults() { write("grid.yaml", wide_grid); }

  // A round of so many shares, of which none has run.
  void begin(const std::string& shares, Words more = {}) const {
    Words words{"--shares", shares};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = submit({"grid.yaml"}, words);
    ASSERT_EQ(result.code, round_waits) << result.err;
  }
  // What is left is trained, and the store is one machine's.
  void expect_whole_after(const Result& last) const {
    const auto end = train_all(last);
    EXPECT_EQ(end.code, 0) << end.out << end.err;
    expect_as_by({"grid.yaml"});
  }
  void train(std::uint64_t shares) const {
    for (std::uint64_t i = 0; i < shares; ++i) ASSERT_EQ(share(i).code, 0);
  }
  static void change(const std::string& file, const std::function<void(std::string&)>& change) {
    auto bytes = read_file(file).value();
    change(bytes);
    std::ofstream(file, std::ios::binary) << bytes;
  }
};

TEST_F(ExhaustiveSubmitFaults, DamagedAndForeignPartsAreTrainedAgain) {
  begin("4");
  train(4);
  change(part(0), [](std::string& bytes) { bytes.resize(bytes.size() / 2); });
  change(part(1), [](std::string& bytes) { bytes[bytes.size() / 3] ^= 8; });
  ASSERT_EQ(descent({"submit", "grid.yaml", "--db", "b.db", "--by-hand", "--shares", "4"}).code,
            round_waits);
  ASSERT_EQ(descent({"share", "b.db.job", "2"}).code, 0);
  fs::copy_file(path("b.db.job/round-1/2.db"), part(2), fs::copy_options::overwrite_existing);
  const auto result = collect();
  EXPECT_EQ(result.code, round_waits);
  for (const std::string text :
       {"round 1, share 0: its part is damaged; moved to rejected/, trained again",
        "round 1, share 1: its part is damaged", "round 1, share 2: its part is of another job"})
    EXPECT_TRUE(contains(result.err, text)) << result.err;
  EXPECT_TRUE(fs::exists(path("out.db.job/rejected/round-1-2.db")));
  expect_whole_after(result);
}

TEST_F(ExhaustiveSubmitFaults, LostPartsAreTrainedAgain) {
  begin("5");
  ASSERT_EQ(share(1).code, 0);
  ASSERT_EQ(share(3).code, 0);
  fs::remove(part(3));
  const auto result = collect();
  EXPECT_TRUE(contains(result.out, "round 2: ")) << result.out;
  expect_whole_after(result);
}

TEST_F(ExhaustiveSubmitFaults, AShareThatIsStoppedSavesAndGoesOn) {
  begin("1", {"--set", "train.epochs=300"});
  auto process = std::make_unique<Process>(invocation({"share", "out.db.job", "0"}));
  // Before it trains, a signal would end it. Its workers are there a moment after its first report.
  for (int i = 0; i < 1200 && !fs::exists(path("out.db.job/round-1/0.json")); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  for (int i = 0; i < 1200 && children_of(process->pid()).empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  for (const auto worker : children_of(process->pid())) ::kill(worker, SIGTERM);
  process->signal(SIGUSR1);
  const auto stopped = process->wait();
  ASSERT_EQ(stopped.code, 130) << stopped.err << ": the grid is too short for this test";
  EXPECT_TRUE(fs::exists(part(0)));
  const auto end = train_all(collect());
  EXPECT_EQ(end.code, 0) << end.err;
  expect_as_by({"grid.yaml", "--set", "train.epochs=300"});
}

TEST_F(ExhaustiveSubmitFaults, KillsOfTheCollectorLoseNothing) {
  begin("6");
  train(6);
  std::mt19937 random(5);
  for (int i = 0; i < 20; ++i) {
    Process process(invocation({"submit", "--job", "out.db.job"}));
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 150));
    process.signal(SIGKILL);
    process.wait();
  }
  const auto last = collect();
  EXPECT_EQ(last.code, 0) << last.err << ": all shares were trained";
  EXPECT_EQ(round(), 1u);
  expect_as_by({"grid.yaml"});
}

TEST_F(ExhaustiveSubmitFaults, OfTwoCollectorsOneWorks) {
  begin("6");
  train(6);
  Process one(invocation({"submit", "--job", "out.db.job"}));
  Process other(invocation({"submit", "--job", "out.db.job"}));
  for (auto* process : {&one, &other}) {
    const auto result = process->wait();
    EXPECT_TRUE(result.code == 0 ||
                (result.code == 2 && contains(result.err, "is being collected by process")))
        << result.code << result.err;
  }
  expect_whole_after(collect());
}

// As where the disk of the job is full: a file may not grow.
TEST_F(ExhaustiveSubmitFaults, AFullDiskIsReportedAndLosesNothing) {
  begin("1");
  auto request = invocation({"share", "out.db.job", "0"});
  request.file_size = 100'000;
  const auto result = run(request);
  EXPECT_EQ(result.code, 3) << result.err;
  EXPECT_FALSE(fs::exists(part(0)));
  expect_whole_after(collect());
}

TEST_F(ExhaustiveSubmitFaults, SharesThatFailEverywhereEndTheJob) {
  begin("2");
  const std::map<std::string, std::string> nowhere{{"TMPDIR", "/proc/nowhere"}};
  for (int attempt = 0; attempt < 2; ++attempt) {
    for (const std::uint64_t i : {0u, 1u}) EXPECT_EQ(share(i, nowhere).code, 3);
    const auto result = collect();
    EXPECT_EQ(result.code, attempt == 0 ? round_waits : 1) << result.err;
    if (attempt == 0) continue;
    EXPECT_TRUE(contains(result.err, "/proc/nowhere")) << result.err;
    EXPECT_TRUE(contains(result.err, "no run was completed in two rounds: stopped")) << result.err;
  }
  expect_whole_after(collect());
}

TEST_F(ExhaustiveSubmitFaults, OtherArithmeticIsTrainedAgainElsewhere) {
  begin("3");
  train(2);
  ASSERT_EQ(share(2, {{"OPENBLAS_CORETYPE", "Prescott"}}).code, 0);
  auto result = collect();
  ASSERT_EQ(result.code, round_waits);
  EXPECT_TRUE(contains(result.err, "1 part was computed with other floating-point results ("))
      << result.err;
  const auto refused = share(0, {{"OPENBLAS_CORETYPE", "Prescott"}});
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(contains(refused.err, "gives other floating-point results")) << refused.err;
  expect_whole_after(result);
}

TEST_F(ExhaustiveSubmitFaults, ACollectorOfOtherArithmeticDoesNotFinishDividedPoints) {
  begin("30");
  train(shares());
  auto request = invocation({"submit", "--job", "out.db.job"});
  request.environment = {{"OPENBLAS_CORETYPE", "Prescott"}};
  const auto refused = run(request);
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(contains(refused.err, "has to finish points that were divided")) << refused.err;
  const auto result = collect();
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(round(), 1u) << "what was merged before the refusal is not lost";
  expect_as_by({"grid.yaml"});
}

TEST_F(ExhaustiveSubmitFaults, OtherArithmeticIsAcceptedOnRequest) {
  begin("3", {"--any-cpu"});
  train(2);
  ASSERT_EQ(share(2, {{"OPENBLAS_CORETYPE", "Prescott"}}).code, 0);
  const auto result = collect();
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "merged 3 parts: 75 runs")) << result.out;
}

// There is no write-ahead log, which other machines cannot use.
TEST_F(ExhaustiveSubmitFaults, OnANetworkDiskTheStoreIsTheSame) {
  auto tuned = wide_grid;
  const std::string replicates = "replicates: 25\n";
  tuned.replace(tuned.find(replicates), replicates.size(),
                "stages: {tune: 20, select: {per: optimizer, metric: train_loss}, rerun: 25}\n");
  write("grid.yaml", tuned);
  fs::create_symlink(build_path("tests/shims/network_disk.so"), path("network_disk.so"));
  const std::map<std::string, std::string> network{{"LD_PRELOAD", path("network_disk.so")}};
  const auto there = [&](Words words) {
    auto request = invocation(std::move(words));
    request.environment = network;
    return run(request);
  };
  const auto has_log = [&](const std::string& store) {
    return read_file(path(store)).value()[18] != 1;  // as the header of the file says
  };
  auto last = there({"submit", "grid.yaml", "--db", "out.db", "--by-hand", "--shares", "3"});
  while (last.code == round_waits) {
    for (std::uint64_t i = 0; i < shares(); ++i) ASSERT_EQ(share(i, network).code, 0);
    last = there({"submit", "--job", "out.db.job"});
    EXPECT_FALSE(has_log("out.db"));
  }
  EXPECT_EQ(last.code, 0) << last.err;
  EXPECT_EQ(round(), 2u);
  EXPECT_EQ(there({"run", "grid.yaml", "--db", "whole.db", "-q"}).code, 0);
  EXPECT_FALSE(has_log("whole.db"));
  expect_same(store::dump(path("out.db")), store::dump(path("whole.db")));
}

}  // namespace
}  // namespace descent
