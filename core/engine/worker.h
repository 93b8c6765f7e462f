// SPDX-License-Identifier: MIT
// A worker process: reads tasks, trains their chunks, writes results. It is forked from the parent
// before any thread exists and never touches the store.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "engine/task.h"

namespace descent::engine {

// Shared with the parent, which reads it when the worker is late or dead.
struct WorkerStatusPage {
  static constexpr std::uint64_t idle = ~std::uint64_t(0);
  std::atomic<std::uint64_t> point{0}, first{idle};      // the chunk begun last
  std::atomic<std::uint64_t> replicate{idle};            // its run under way
  std::atomic<std::uint64_t> last_point{0}, last{idle};  // the run begun last
  std::atomic<std::int64_t> since{0};  // start of the run, steady clock, nanoseconds

  // Why the worker ended itself in the middle of a run.
  enum class Reason : int { none, out_of_memory, lost_files };
  std::atomic<Reason> reason{Reason::none};
};

// Bytes that a worker may allocate for this point of the plan beyond those at its start; 0: no
// limit.
using MemoryLimit = std::function<std::uint64_t(std::uint64_t point)>;

// Trains one chunk; before_run is called with each replicate's number before it is trained. An
// exception ends the worker.
using ChunkTrainer =
    std::function<ChunkResult(const Task&, const std::function<void(std::uint64_t)>& before_run)>;

struct Files {
  int tasks, results, log;
};

// Serves tasks from one pipe to the other until the first closes; never returns. Plugins may
// change the process: that is undone before the next chunk. A child that they fork is not a worker.
[[noreturn]] void serve(const Files& files, WorkerStatusPage& page, const ChunkTrainer& train,
                        const MemoryLimit& memory);

}  // namespace descent::engine
