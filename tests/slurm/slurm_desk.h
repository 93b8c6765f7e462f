// SPDX-License-Identifier: MIT
// A folder from which a test submits jobs to a cluster that all tests of a suite share.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <thread>

#include "cli/job_desk.h"
#include "slurm/cluster.h"

namespace descent {

class SlurmDesk : public JobDesk {
 public:
  static void SetUpTestSuite() {
    objection_ = SlurmCluster::objection();
    if (objection_.empty()) cluster_ = std::make_unique<SlurmCluster>();
  }
  static void TearDownTestSuite() { cluster_.reset(); }

 protected:
  using Clock = std::chrono::steady_clock;

  void SetUp() override {
    if (!objection_.empty()) GTEST_SKIP() << objection_;
  }
  void TearDown() override {
    if (HasFailure() && cluster_) std::cerr << state();
    if (cluster_) cluster_->repair();
  }

  // Points of 40 replicates with steps that rest: a share of four workers takes `seconds` or a
  // little more when there are so many.
  std::string naps(double seconds, int shares = 4) const {
    constexpr double steps = 10, replicates = 40, points = 6, workers = 4;
    const auto rest = seconds * workers * shares / (points * replicates * steps);
    return write(
        "grid.yaml",
        fmt::format(
            "experiment: naps\nseed: 3\n"
            "data: {{synthetic: {{function: sin(6*x), x: {{uniform: [0, 1]}}, noise: {{normal: "
            "0.2}}, train: 40, test: 30}}}}\n"
            "model: {{layers: [{{linear: 4}}, tanh, {{linear: 1}}]}}\nloss: mse\n"
            "optimizer: {{naps: {{lr: {{linspace: [0.01, 0.2, 6]}}, rest: {:.4f}}}}}\n"
            "train: {{epochs: 10, batch: full}}\nreplicates: 40\nrecord: {{every: 5}}\n",
            rest));
  }

  Result with_slurm(Words words) const {
    auto request = invocation(std::move(words));
    request.environment = cluster_->environment();
    return run(request);
  }
  Result submit(const std::string& shares, Words more = {}) const {
    Words words{"submit", "grid.yaml", "--db", "out.db",    "--cpus",
                "4",      "--shares",  shares, "--plugins", test_plugins()};
    words.insert(words.end(), more.begin(), more.end());
    return with_slurm(words);
  }
  Result go_on() const { return with_slurm({"submit", "--job", "out.db.job"}); }

  static bool within(int seconds, const std::function<bool()>& condition) {
    for (const auto end = Clock::now() + std::chrono::seconds(seconds); Clock::now() < end;
         std::this_thread::sleep_for(std::chrono::milliseconds(50)))
      if (condition()) return true;
    return false;
  }
  bool exists(const std::string& name) const {
    return std::filesystem::exists(path("out.db.job/" + name));
  }
  bool share_begins(int share = 0) const {
    return within(180, [&] { return exists(fmt::format("round-1/{}.json", share)); });
  }
  // Whether it comes to its end by itself.
  bool ends(int seconds = 400) const {
    return within(seconds, [&] { return job().value("is_done", false); });
  }
  bool queue_is_empty() const { return cluster_->ask("squeue -h").empty(); }
  // What a user does whose job is held because a node could not start it.
  void release_held_jobs() const {
    std::istringstream lines(cluster_->ask("squeue -h -t PD -o '%A %r'"));
    std::string id, reason;
    while (lines >> id && std::getline(lines, reason))
      if (contains(reason, "held")) cluster_->ask("scontrol release " + id);
  }
  // The same for a user who looks now and then, releases what Slurm holds, and submits again what
  // is no longer in the queue.
  bool ends_with_help(int seconds = 600) const {
    return within(seconds, [&] {
      if (job().value("is_done", false)) return true;
      std::this_thread::sleep_for(std::chrono::seconds(1));
      release_held_jobs();
      if (!queue_is_empty()) return false;
      const auto result = go_on();
      EXPECT_TRUE(result.code == 0 || result.code == 2) << result.code << result.err;
      return false;
    });
  }

  std::string collected() const { return read_file(path("out.db.job/collect.log")).value_or(""); }
  std::string state() const {
    return cluster_->ask("squeue; sinfo") + with_slurm({"status", "out.db.job"}).out +
           read_file(path("out.db.job/log")).value_or("") + collected();
  }

  // One machine's store of the same words, trained once for all tests.
  void expect_as_one_machine(Words words = {"grid.yaml"}, int code = 0) const {
    static std::map<std::string, std::string> dumps;
    std::string key;
    for (const auto& word : words) key += word + "\n" + read_file(path(word)).value_or("") + "\n";
    if (!dumps.contains(key)) {
      words.insert(words.begin(), "run");
      for (const auto& word :
           {std::string("--db"), std::string("whole.db"), std::string("-q"),
            std::string("--workers"), std::string("12"), std::string("--plugins"), test_plugins()})
        words.push_back(word);
      const auto result = descent(words);
      ASSERT_EQ(result.code, code) << result.err;
      dumps[key] = store::dump(path("whole.db"));
    }
    expect_same(store::dump(path("out.db")), dumps[key]);
  }

  static inline std::unique_ptr<SlurmCluster> cluster_;

 private:
  static inline std::string objection_;
};

}  // namespace descent
