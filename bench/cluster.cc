// SPDX-License-Identifier: MIT
// What training in shares costs, on a Slurm cluster that this starts on the machine: three nodes
// that claim eight processors each, and runs with steps that rest, which need no processor. A table
// in Markdown; wall time from the start of `descent submit` to the end of the job.
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/file.h"
#include "cli/program.h"
#include "paths.h"
#include "size.h"
#include "slurm/cluster.h"

namespace descent {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int nodes = 3, processors = 8;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// points x replicates runs of 10 steps of `rest` seconds.
std::string experiment(std::uint64_t points, std::uint64_t replicates, double rest) {
  return fmt::format(
      "experiment: naps\n"
      "data: {{synthetic: {{function: 5*x + 7, x: {{uniform: [0, 1]}}, noise: {{normal: 0.25}}, "
      "train: 32, test: 16}}}}\n"
      "model: {{layers: [{{linear: 1}}]}}\nloss: mse\n"
      "optimizer: {{naps: {{lr: {{linspace: [0.01, 0.2, {}]}}, rest: {}}}}}\n"
      "train: {{epochs: 10, batch: full}}\nreplicates: {}\nrecord: {{every: 10}}\n",
      points, rest, replicates);
}

class Desk {
 public:
  explicit Desk(const SlurmCluster& cluster) : environment_(cluster.environment()) {}

  void write(const std::string& text) const { std::ofstream(folder_.path("grid.yaml")) << text; }

  // With as many workers as a share has: the processors that are claimed do not count.
  double run_on_one_machine() const {
    const auto start = Clock::now();
    descent({"run", "grid.yaml", "--db", "whole.db", "-q", "--plugins", plugins()});
    return seconds_since(start);
  }

  // Asks how far it is now and then, and notes how long each answer took.
  double submit_to_end(std::uint64_t shares, int cpus,
                       std::vector<double>* status = nullptr) const {
    const auto start = Clock::now();
    descent({"submit", "grid.yaml", "--db", "out.db", "--shares", std::to_string(shares), "--cpus",
             std::to_string(cpus), "--plugins", plugins()});
    auto asked = Clock::now();
    for (const auto last = start + std::chrono::minutes(20); !is_done();
         std::this_thread::sleep_for(std::chrono::milliseconds(20))) {
      if (Clock::now() > last) throw std::runtime_error("the job does not end");
      if (!status || seconds_since(asked) < 2) continue;
      asked = Clock::now();
      descent({"status", "out.db.job"});
      status->push_back(seconds_since(asked));
    }
    return seconds_since(start);
  }

  void clear() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
      std::filesystem::remove_all(entry);
  }

 private:
  static std::string plugins() { return build_path("tests/plugins"); }
  bool is_done() const {
    return read_file(folder_.path("out.db.job/job.json")).value_or("").find("\"is_done\": true") !=
           std::string::npos;
  }
  void descent(std::vector<std::string> words) const {
    const auto result = run({std::move(words), environment_, folder_.path().string()});
    if (result.code != 0) throw std::runtime_error("descent failed: " + result.err);
  }

  std::map<std::string, std::string> environment_;
  Folder folder_;
};

void measure_speed_up(const Desk& desk) {
  const auto points = size(60, 6), replicates = size(8, 8);
  desk.write(experiment(points, replicates, smallest() ? 0.001 : 0.02));
  const auto alone = desk.run_on_one_machine();
  fmt::print(
      "{} runs that rest, on {} nodes of {} processors\n\n"
      "| shares | seconds | speed-up over one node ({:.1f} s) |\n|---|---|---|\n",
      points * replicates, nodes, processors, alone);
  for (const std::uint64_t shares : {3, 6, 12}) {
    const auto seconds = desk.submit_to_end(shares, processors);
    fmt::print("| {} | {:.1f} | {:.2f} |\n", shares, seconds, alone / seconds);
    std::fflush(stdout);
    desk.clear();
    desk.write(experiment(points, replicates, smallest() ? 0.001 : 0.02));
    if (smallest()) break;
  }
  desk.clear();
}

// Shares that have next to nothing to train.
void measure_overhead(const Desk& desk) {
  fmt::print(
      "\nShares of one run without rest\n\n"
      "| shares | seconds | a share | `descent status` meanwhile: median, longest |\n"
      "|---|---|---|---|\n");
  for (const std::uint64_t shares : {std::uint64_t(1), size(1000, 4)}) {
    desk.write(experiment(std::max<std::uint64_t>(2, shares), 1, 0));
    std::vector<double> status;
    const auto seconds = desk.submit_to_end(shares, 1, &status);
    std::ranges::sort(status);
    fmt::print("| {} | {:.1f} | {:.0f} ms | {} |\n", shares, seconds,
               1000 * seconds / double(shares),
               status.empty()
                   ? std::string("-")
                   : fmt::format("{:.2f} s, {:.2f} s", status[status.size() / 2], status.back()));
    std::fflush(stdout);
    desk.clear();
  }
}

}  // namespace
}  // namespace descent

int main() {
  if (const auto why = descent::SlurmCluster::objection(); !why.empty()) {
    fmt::print("not measured: {}\n", why);
    return 0;
  }
  try {
    const descent::SlurmCluster cluster(descent::nodes, descent::processors);
    const descent::Desk desk(cluster);
    descent::measure_speed_up(desk);
    descent::measure_overhead(desk);
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
