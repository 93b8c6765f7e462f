// SPDX-License-Identifier: MIT
// How the cost of `descent run` grows with epochs, points, replicates and weights, and the memory
// of the parent and of its worker: a table in Markdown. Processor time of both together, which
// others on the machine disturb least; "each" is the slope from the row before, so a cost that
// grows as a straight line has the same in every row.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "folder.h"
#include "program.h"
#include "size.h"

namespace descent {
namespace {

struct Work {
  std::uint64_t epochs = 100, points = 1, replicates = 100, units = 8;
};

std::string experiment(const Work& work) {
  const auto lr =
      work.points == 1 ? "0.01" : fmt::format("{{linspace: [0.001, 0.01, {}]}}", work.points);
  return fmt::format(
      "experiment: scaling\n"
      "data: {{synthetic: {{function: 5*x + 7, x: {{uniform: [0, 1]}}, noise: {{normal: 0.25}}, "
      "train: 32, test: 16}}}}\n"
      "model: {{layers: [{{linear: {}}}, tanh, {{linear: 1}}]}}\n"
      "loss: mse\n"
      "optimizer: {{sgd: {{lr: {}}}}}\n"
      "train: {{epochs: {}}}\n"
      "replicates: {}\n",
      work.units, lr, work.epochs, work.replicates);
}

// Megabytes at most, as the system counted them; 0 once the process is gone.
double peak(pid_t pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

std::vector<pid_t> children(pid_t pid) {
  std::ifstream list(fmt::format("/proc/{0}/task/{0}/children", pid));
  std::vector<pid_t> all;
  for (pid_t child; list >> child;) all.push_back(child);
  return all;
}

struct Cost {
  double seconds = 0, parent = 0, worker = 0;  // processor time; megabytes
};

Cost run(const Work& work) {
  const Folder folder;
  const auto file = folder.file("scaling.yaml"), database = folder.file("scaling.db");
  std::ofstream(file) << experiment(work);
  const auto pid = start_program({"run", file, "--db", database, "--workers", "1", "--quiet"});
  if (pid < 0) throw std::runtime_error("descent does not start");
  Cost cost;
  int status = 0;
  rusage usage{};
  while (::wait4(pid, &status, WNOHANG, &usage) == 0) {
    cost.parent = std::max(cost.parent, peak(pid));
    for (const auto child : children(pid)) cost.worker = std::max(cost.worker, peak(child));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error("descent run failed");
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
  cost.seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  return cost;
}

// The smaller of two: disturbances only add time.
Cost lesser(const Work& work) {
  const auto one = run(work), other = run(work);
  return one.seconds < other.seconds ? one : other;
}

void grow(const char* what, std::uint64_t Work::*axis, Work work,
          std::vector<std::uint64_t> sizes) {
  if (smallest()) sizes = {sizes[0] / 50, sizes[1] / 50};
  double before_seconds = 0;
  std::uint64_t before = 0;
  for (const auto size : sizes) {
    work.*axis = size;
    const auto cost = lesser(work);
    const auto weights = 3 * work.units + 1;
    const auto shown = axis == &Work::units ? weights : size;
    const double each = before == 0 ? 0 : (cost.seconds - before_seconds) / double(shown - before);
    fmt::print("| {} | {} | {:.3f} s | {} | {:.0f} MB | {:.0f} MB |\n", what, shown, cost.seconds,
               before == 0 ? "" : fmt::format("{:.2f} us", each * 1e6), cost.parent, cost.worker);
    std::fflush(stdout);
    before = shown;
    before_seconds = cost.seconds;
  }
}

}  // namespace
}  // namespace descent

int main() try {
  using namespace descent;
  fmt::print("| grows | to | processor time | each | parent | worker |\n");
  fmt::print("| --- | --- | --- | --- | --- | --- |\n");
  grow("epochs", &Work::epochs, {}, {2'000, 4'000, 8'000, 16'000});
  grow("replicates", &Work::replicates, {}, {2'000, 4'000, 8'000, 16'000});
  grow("points", &Work::points, {.replicates = 2}, {1'000, 2'000, 4'000, 6'000});
  grow("weights", &Work::units, {.epochs = 400}, {64, 128, 256, 512});
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_scaling: {}\n", error.what());
  return 1;
}
