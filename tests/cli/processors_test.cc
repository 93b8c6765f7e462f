// SPDX-License-Identifier: MIT
// How many processors --workers 0 takes: the files of control groups as Linux writes them
// (Documentation/admin-guide/cgroup-v2.rst, "cpu.max"; cgroup-v1, "cpu.cfs_quota_us").
#include <gtest/gtest.h>
#include <sched.h>

#include <cstdlib>

#include "cli/desk.h"
#include "cli/worker_options.h"

namespace descent {
namespace {

class Processors : public Desk {
 protected:
  Processors() { forget_slurm(); }
  ~Processors() override { forget_slurm(); }
  static void forget_slurm() {
    for (const auto* name : {"SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE"}) ::unsetenv(name);
  }

  void put(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(file)).parent_path());
    write(file, text);
  }
  unsigned found() const { return cli::available_cores(path("")); }
  static unsigned by_affinity() {
    cpu_set_t mine;
    CPU_ZERO(&mine);
    sched_getaffinity(0, sizeof mine, &mine);
    return unsigned(CPU_COUNT(&mine));
  }
};

TEST_F(Processors, AreThoseOfTheAffinityWithoutALimit) {
  EXPECT_EQ(found(), by_affinity());
  put("proc/self/cgroup", "0::/user/job\n");
  put("sys/fs/cgroup/user/job/cpu.max", "max 100000\n");
  EXPECT_EQ(found(), by_affinity());
}

TEST_F(Processors, AreLimitedByTheQuotaOfTheGroupOrOfOneAboveIt) {
  put("proc/self/cgroup", "0::/user/job\n");
  put("sys/fs/cgroup/user/job/cpu.max", "max 100000\n");
  put("sys/fs/cgroup/user/cpu.max", "150000 100000\n");
  EXPECT_EQ(found(), 1u);
}

TEST_F(Processors, AreLimitedByTheQuotaOfTheFirstVersion) {
  put("proc/self/cgroup", "5:memory:/job\n4:cpu,cpuacct:/job\n0::/\n");
  put("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "50000\n");
  put("sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(found(), 1u) << "half a processor is one worker";
  put("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(found(), by_affinity());
}

TEST_F(Processors, AreLimitedBySlurm) {
  ::setenv("SLURM_CPUS_PER_TASK", "1", 1);
  EXPECT_EQ(found(), 1u);
  ::setenv("SLURM_CPUS_PER_TASK", "100000", 1);
  EXPECT_EQ(found(), by_affinity());
  ::setenv("SLURM_CPUS_ON_NODE", "1", 1);
  EXPECT_EQ(found(), by_affinity()) << "the task's number counts";
  ::unsetenv("SLURM_CPUS_PER_TASK");
  EXPECT_EQ(found(), 1u);
}

}  // namespace
}  // namespace descent
