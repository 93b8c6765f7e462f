// SPDX-License-Identifier: MIT
#include "cli/worker_options.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

unsigned cores_by_affinity() {
  cpu_set_t mine;
  CPU_ZERO(&mine);
  if (sched_getaffinity(0, sizeof mine, &mine) != 0) return 1;
  return unsigned(CPU_COUNT(&mine));
}

// A whole number of processors that the quota of a control group is worth, at least one; 0: there
// is no quota. The files have "max 100000" or "150000 100000", microseconds of each period.
unsigned cores_of_quota(double quota, double period) {
  return quota > 0 && period > 0 ? unsigned(std::max(1.0, std::floor(quota / period))) : 0;
}

// Of this process's groups and those above them: version 2 names one path for all controllers,
// version 1 one for the controller cpu.
unsigned cores_by_quota(const std::string& root) {
  namespace fs = std::filesystem;
  unsigned least = 0;
  const auto note = [&](unsigned cores) {
    if (cores > 0 && (least == 0 || cores < least)) least = cores;
  };
  std::ifstream groups(root + "/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (second == line.npos) continue;
    const auto controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool is_second = controllers == ",,";
    if (!is_second && controllers.find(",cpu,") == controllers.npos) continue;
    const fs::path mount = root + (is_second ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu");
    auto path = fs::path(line.substr(second + 1)).relative_path();
    for (bool last = false; !last; path = path.parent_path()) {
      last = path.empty();
      double quota = 0, period = 0;
      if (is_second) {
        std::ifstream(mount / path / "cpu.max") >> quota >> period;
      } else {
        std::ifstream(mount / path / "cpu.cfs_quota_us") >> quota;
        std::ifstream(mount / path / "cpu.cfs_period_us") >> period;
      }
      note(cores_of_quota(quota, period));
    }
  }
  return least;
}

// Of a task; where the job did not ask for a number, of the job on this machine.
unsigned cores_of_slurm() {
  for (const auto* variable : {"SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE"}) {
    const auto* const text = std::getenv(variable);
    if (const int cores = text ? std::atoi(text) : 0; cores > 0) return unsigned(cores);
  }
  return 0;
}

}  // namespace

unsigned available_cores(const std::string& root) {
  auto least = cores_by_affinity();
  for (const auto cores : {cores_by_quota(root), cores_of_slurm()})
    if (cores > 0) least = std::min(least, cores);
  return least;
}

volatile std::sig_atomic_t stop_signal = 0;

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = [](int number) { stop_signal = number; };
  action.sa_flags = int(SA_RESETHAND);
  for (const int number : {SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU})
    sigaction(number, &action, nullptr);
}

void add_workers_option(po::options_description& options) {
  options.add_options()("workers", po::value<int>()->default_value(0)->value_name("N"),
                        "worker processes; 0: one per core")(
      "any-cpu", "train into a store with runs of another kind of processor");
}

unsigned worker_count(const po::variables_map& values) {
  const int wanted = values["workers"].as<int>();
  if (wanted < 0) throw Error(fmt::format("--workers {}: expected a whole number >= 0", wanted));
  return wanted == 0 ? available_cores() : unsigned(wanted);
}

}  // namespace descent::cli
