// SPDX-License-Identifier: MIT
// Faults of nodes, controller, limits and disks under a job on a real Slurm: it goes on, or says
// why it does not, and the store is that of one machine.
#include <sys/mount.h>

#include "slurm/slurm_desk.h"

namespace descent {
namespace {

class ExhaustiveSlurmFaults : public SlurmDesk {
 protected:
  void submit_naps(double seconds, const std::string& shares = "4", Words more = {}) {
    naps(seconds, std::stoi(shares));
    const auto result = submit(shares, std::move(more));
    ASSERT_EQ(result.code, 0) << result.err;
  }
  std::string id(const std::string& name) const { return job()[name]; }
  std::string node_of(int task) const {
    auto node = cluster_->ask(fmt::format("squeue -h -j {}_{} -o %N", id("array"), task));
    node.erase(node.find_last_not_of('\n') + 1);
    return node;
  }
  void lose(const std::string& node) {
    cluster_->cut(node);
    cluster_->ask("scontrol update nodename=" + node + " state=down reason=crash");
  }
  // SIGKILL, and begun again after a while. What Slurm saved last is some seconds old.
  void kill_controller() {
    cluster_->cut("controller");
    std::this_thread::sleep_for(std::chrono::seconds(2));
    cluster_->start("controller");
  }

  // A disk of its own for a folder, with a cluster that sees it: nodes see what is mounted before
  // they begin.
  class SmallDisk {
   public:
    explicit SmallDisk(std::string folder) : folder_(std::move(folder)) {
      cluster_.reset();
      std::filesystem::create_directory(folder_);
      if (::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=64m") != 0)
        throw std::runtime_error("cannot mount a disk");
      cluster_ = std::make_unique<SlurmCluster>();
    }
    ~SmallDisk() {
      cluster_.reset();
      ::umount2(folder_.c_str(), MNT_DETACH);
      cluster_ = std::make_unique<SlurmCluster>();
    }
    void fill() const {
      constexpr std::uintmax_t left = 100'000;
      const auto free = std::filesystem::space(folder_).available;
      std::ofstream(folder_ + "/filler") << std::string(free > left ? free - left : 0, 'x');
    }
    void clear() const { std::filesystem::remove(folder_ + "/filler"); }

   private:
    std::string folder_;
  };
};

TEST_F(ExhaustiveSlurmFaults, ANodeIsLostAfterItsShareSaved) {
  submit_naps(3);
  ASSERT_TRUE(share_begins());
  const auto node = node_of(0);
  ASSERT_TRUE(within(180, [&] { return exists("round-1/0.db"); }));
  lose(node);
  ASSERT_TRUE(ends());
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, ANodeIsLostWithWhatAStoppedShareSaved) {
  submit_naps(8);
  ASSERT_TRUE(share_begins());
  const auto node = node_of(0);
  cluster_->ask("scancel --signal=TERM --full " + id("array") + "_0");
  ASSERT_TRUE(within(180, [&] { return exists("round-1/0.db"); }));
  lose(node);
  ASSERT_TRUE(ends());
  expect_as_one_machine();
}

// Slurm takes the node for dead, and runs a second copy of its shares in addition to the first.
TEST_F(ExhaustiveSlurmFaults, AFrozenNodeTrainsACopyOfAShare) {
  submit_naps(20);
  ASSERT_TRUE(share_begins());
  const auto node = node_of(0);
  cluster_->signal_daemon(node, SIGSTOP);
  cluster_->ask("scontrol update nodename=" + node + " state=down reason=frozen");
  ASSERT_TRUE(ends());
  cluster_->signal_daemon(node, SIGCONT);
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, TheControllerIsKilledBeforeSharesBegin) {
  submit_naps(3);
  kill_controller();
  ASSERT_TRUE(ends_with_help());
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, TheControllerIsKilledWhileSharesRun) {
  submit_naps(12);
  ASSERT_TRUE(share_begins());
  std::this_thread::sleep_for(std::chrono::seconds(8));
  kill_controller();
  ASSERT_TRUE(ends_with_help());
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, TheControllerIsKilledBetweenSharesAndCollector) {
  submit_naps(3, "3");
  ASSERT_TRUE(within(180, [&] {
    return exists("round-1/0.db") && exists("round-1/1.db") && exists("round-1/2.db");
  }));
  kill_controller();
  ASSERT_TRUE(ends_with_help());
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, TheControllerIsKilledWhileTheCollectorWorks) {
  submit_naps(3);
  ASSERT_TRUE(within(180, [&] { return exists("lock") || job().value("is_done", false); }));
  kill_controller();
  ASSERT_TRUE(ends_with_help());
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, SharesAreRequeuedForOthers) {
  submit_naps(8);
  ASSERT_TRUE(share_begins(2));
  for (const int task : {0, 1})
    cluster_->ask(fmt::format("scontrol requeue {}_{}", id("array"), task));
  ASSERT_TRUE(ends());
  EXPECT_EQ(round(), 1u) << "they go on from their parts";
  expect_as_one_machine();
}

// Slurm counts in minutes and warns a minute before the end: the shares of the first round train
// until it next looks.
TEST_F(ExhaustiveSlurmFaults, SharesReachTheirTimeLimit) {
  submit_naps(75, "3");
  cluster_->ask("scontrol update jobid=" + id("array") + " timelimit=1");
  ASSERT_TRUE(ends(900));
  EXPECT_GE(round(), 2u);
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, ATaskIsCancelled) {
  submit_naps(8);
  ASSERT_TRUE(share_begins(2));
  cluster_->ask(fmt::format("scancel {}_2", id("array")));
  ASSERT_TRUE(ends());
  EXPECT_EQ(round(), 2u);
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, TheCollectorIsCancelled) {
  submit_naps(3);
  ASSERT_TRUE(share_begins());
  cluster_->ask("scancel " + id("collector"));
  const auto again = go_on();
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(contains(again.err, "is under way; job ")) << again.err;
  ASSERT_TRUE(ends());
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, TheCollectorIsKilledAtRandom) {
  submit_naps(2, "3");
  ASSERT_TRUE(share_begins());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(within(180, [&] {
      return contains(cluster_->ask("squeue -h -t running -j " + id("collector")), " R ") ||
             job().value("is_done", false);
    }));
    std::this_thread::sleep_for(std::chrono::milliseconds(40 * i));
    cluster_->ask("scancel --signal=KILL --full " + id("collector"));
    ASSERT_TRUE(within(180, [&] { return queue_is_empty() || job().value("is_done", false); }));
    if (job().value("is_done", false)) break;
    cluster_->ask("scontrol requeue " + id("collector"));
  }
  ASSERT_TRUE(ends_with_help());
  expect_as_one_machine();
}

// Slurm runs it again under the same number: its lock is its own, and yet of another process.
TEST_F(ExhaustiveSlurmFaults, TheCollectorLostItsNode) {
  submit_naps(3, "3");
  write("out.db.job/lock", "elsewhere 17 " + id("collector") + "\n");
  ASSERT_TRUE(ends());
  EXPECT_TRUE(contains(read_file(path("out.db.job/log")).value(),
                       "took over the lock of process 17 on elsewhere, which has ended"));
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, TwoSubmitsAtOnceMakeOneJob) {
  naps(3);
  Invocation request = invocation({"submit", "grid.yaml", "--db", "out.db", "--cpus", "4",
                                   "--shares", "4", "--plugins", test_plugins()});
  request.environment = cluster_->environment();
  Process one(request), other(request);
  int submitted = 0;
  for (auto* process : {&one, &other}) {
    const auto result = process->wait();
    submitted += result.code == 0;
    EXPECT_TRUE(result.code == 0 || contains(result.err, "is being collected") ||
                contains(result.err, "is under way"))
        << result.code << result.err;
  }
  EXPECT_EQ(submitted, 1);
  EXPECT_TRUE(contains(cluster_->ask("squeue -h | wc -l"), "2\n") ||
              contains(cluster_->ask("squeue -h -r | wc -l"), "5\n"))
      << "one array and one collector";
  ASSERT_TRUE(ends());
  EXPECT_EQ(round(), 1u);
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, ANodeWhereSharesFailIsLeftOut) {
  cluster_->set("n2", "SLURM_TMPDIR=/proc/nowhere");
  submit_naps(3, "6");
  ASSERT_TRUE(ends());
  EXPECT_EQ(round(), 2u);
  EXPECT_EQ(job()["excluded"], nlohmann::json::array({"n2"}));
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, SharesThatFailEverywhereEndTheJob) {
  for (const auto* node : {"n1", "n2", "n3"}) cluster_->set(node, "SLURM_TMPDIR=/proc/nowhere");
  submit_naps(2, "4");
  ASSERT_TRUE(within(300, [&] { return contains(collected(), "two rounds: stopped"); }))
      << collected();
  EXPECT_EQ(round(), 2u);
  for (const std::string text : {"share 0 on n", "share 1 on n", "share 2 on n", "/proc/nowhere",
                                 "no run was completed in two rounds: stopped"})
    EXPECT_TRUE(contains(collected(), text)) << collected();
  cluster_->repair();
  ASSERT_EQ(go_on().code, 0);
  ASSERT_TRUE(ends());
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, OtherArithmeticOfANodeIsTrainedAgain) {
  cluster_->set("n2", "OPENBLAS_CORETYPE=Prescott");
  submit_naps(3, "6");
  ASSERT_TRUE(ends());
  EXPECT_EQ(round(), 2u);
  EXPECT_TRUE(contains(collected(), "other floating-point results (n2: ")) << collected();
  EXPECT_EQ(job()["excluded"], nlohmann::json::array({"n2"}));
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, OtherArithmeticOfANodeIsAcceptedOnRequest) {
  cluster_->set("n2", "OPENBLAS_CORETYPE=Prescott");
  submit_naps(3, "6", {"--any-cpu"});
  ASSERT_TRUE(ends());
  EXPECT_EQ(round(), 1u);
}

TEST_F(ExhaustiveSlurmFaults, DamagedPartsAreTrainedAgain) {
  submit_naps(4);
  ASSERT_TRUE(share_begins());
  cluster_->ask("scontrol hold " + id("collector"));
  ASSERT_TRUE(within(180, [&] { return contains(cluster_->ask("squeue -h -r | wc -l"), "1\n"); }));
  std::filesystem::resize_file(part(0), std::filesystem::file_size(part(0)) / 2);
  auto bytes = read_file(part(1)).value();
  bytes[bytes.size() / 3] ^= 8;
  std::ofstream(part(1), std::ios::binary) << bytes;
  std::filesystem::copy_file(part(3), part(2), std::filesystem::copy_options::overwrite_existing);
  cluster_->ask("scontrol release " + id("collector"));
  ASSERT_TRUE(ends());
  EXPECT_EQ(round(), 2u);
  for (const std::string text : {"round 1, share 0: its part is damaged", "round 1, share 1: its"})
    EXPECT_TRUE(contains(collected(), text)) << collected();
  expect_as_one_machine();
}

TEST_F(ExhaustiveSlurmFaults, TheDiskOfTheJobIsFull) {
  const SmallDisk disk(path("out.db.job"));
  submit_naps(8, "3");
  for (const int share : {0, 1, 2}) ASSERT_TRUE(share_begins(share));
  disk.fill();
  ASSERT_TRUE(within(300, [&] { return queue_is_empty(); }));
  EXPECT_TRUE(
      contains(read_file(path("out.db.job/round-1/0.log")).value(), "0.db: error: is not written"));
  EXPECT_TRUE(contains(collected(), "240 runs need about ")) << collected();
  EXPECT_EQ(round(), 1u);
  disk.clear();
  ASSERT_EQ(go_on().code, 0);
  ASSERT_TRUE(ends());
  EXPECT_EQ(round(), 2u);
  expect_as_one_machine();
}

}  // namespace
}  // namespace descent
