// SPDX-License-Identifier: MIT
// A worker process: reads tasks, trains their chunks, writes results. It is forked from the parent
// before any thread exists and never touches the store.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "engine/task.h"

namespace descent {

// Shared with the parent, which reads it when the worker is late or dead.
struct Beacon {
  static constexpr std::uint64_t idle = ~std::uint64_t(0);
  std::atomic<std::uint64_t> point{0}, replicate{idle};  // the run under way
  std::atomic<std::int64_t> since{0};                    // its start, steady clock, nanoseconds
};

// Trains one chunk; before_run is called with each replicate's number before it is trained. What it
// throws ends the worker.
using ChunkTrainer =
    std::function<ChunkResult(const Task&, const std::function<void(std::uint64_t)>& before_run)>;

// Serves tasks from one pipe to the other until the first closes; never returns.
[[noreturn]] void serve(int tasks, int results, int log, Beacon& beacon, const ChunkTrainer& train);

}  // namespace descent
