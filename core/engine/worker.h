// SPDX-License-Identifier: MIT
// A worker process: reads requests, trains their chunks, writes results. It is forked from the
// parent before any thread exists and never touches the store.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

#include "engine/chunk_messages.h"

namespace descent::engine {

// Shared with the parent, which reads it when the worker is late or dead.
struct WorkerStatusPage {
  static constexpr std::uint64_t idle = ~std::uint64_t(0);
  std::atomic<std::uint64_t> point{0}, first{idle};      // the chunk begun last
  std::atomic<std::uint64_t> replicate{idle};            // its run under way
  std::atomic<std::uint64_t> last_point{0}, last{idle};  // the run begun last
  // Steady clock, nanoseconds: the start of the run, to which the parent adds the time in which it
  // did not run itself; and when the parent last looked.
  std::atomic<std::int64_t> since{0}, looked{0};

  // Why the worker ended itself in the middle of a run.
  enum class Reason : int { none, out_of_memory, lost_files, error };
  std::atomic<Reason> reason{Reason::none};
};

// Bytes that a worker may allocate for this point of the plan beyond those at its start; 0: no
// limit.
using MemoryLimit = std::function<std::uint64_t(std::uint64_t point)>;

// Steady clock.
inline std::int64_t nanoseconds_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

// What a worker wants to know of the runs of a chunk, and what it knows of them.
struct RunHooks {
  std::function<void(std::uint64_t replicate)> before;  // it is trained
  std::function<bool(double seconds)> is_late;          // the run under way: train::IsLate
};

// Trains one chunk. An exception ends the worker.
using ChunkTrainer = std::function<ChunkResult(const ChunkRequest&, const RunHooks&)>;

struct Files {
  int requests, results, log;
};

// Serves requests from one pipe to the other until the first closes; never returns. Plugins may
// change the process: that is undone before the next chunk. A child that they fork is not a worker.
[[noreturn]] void serve(const Files& files, WorkerStatusPage& page, const ChunkTrainer& train,
                        const MemoryLimit& memory);

}  // namespace descent::engine
