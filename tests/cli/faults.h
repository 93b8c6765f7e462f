// SPDX-License-Identifier: MIT
// A grid that takes a second or two, and whether a store holds all of it, whatever happened.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "cli/desk.h"
#include "store/dump.h"

namespace descent {

inline void pause(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

class Faults : public Desk {
 protected:
  // Five points, one of them all failures: the exit code of a whole run is 1.
  Faults() { write("grid.yaml", grid("faults", "0.001, 0.003, 0.01")); }

  static std::string grid(const std::string& name, const std::string& rates) {
#ifdef __SANITIZE_ADDRESS__
    const std::string replicates = "10";
#else
    const std::string replicates = "60";
#endif
    return "experiment: " + name + R"(
seed: 8
data: {synthetic: {function: sin(6*x), x: {uniform: [0, 1]}, noise: {normal: 0.1}, train: 200, test: 50}}
model: {layers: [{linear: 16}, tanh, {linear: 1}]}
loss: mse
optimizer: {grid: [{adam: {lr: {grid: [)" +
           rates + R"(]}}}, {sgd: {lr: 0.1}}, throws]}
train: {epochs: 100, batch: 20}
record: {every: 20}
replicates: )" +
           replicates + "\n";
  }

  Invocation grid_run(const std::string& store, unsigned workers = 2,
                      const std::string& file = "grid.yaml") const {
    return invocation({"run", file, "--db", store, "--workers", std::to_string(workers),
                       "--plugins", test_plugins(), "--quiet"});
  }

  double complete(const std::string& store, unsigned workers = 2,
                  const std::string& file = "grid.yaml") const {
    const auto result = run(grid_run(store, workers, file));
    EXPECT_EQ(result.code, 1) << result.err;
    return result.seconds;
  }

  // What SQLite itself finds; nothing is lost of what was stored.
  std::string integrity(const std::string& store) const {
    return descent({"sql", store, "PRAGMA integrity_check", "--format", "csv"}).out;
  }

  void expect_whole(const std::string& store, const std::string& whole = "whole.db") const {
    EXPECT_EQ(store::dump(path(store)), store::dump(path(whole)));
  }

  void remove(const std::string& store) const {
    for (const auto* end : {"", "-wal", "-shm", "-scratch"})
      std::filesystem::remove(path(store) + end);
  }
};

}  // namespace descent
