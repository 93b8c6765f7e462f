// SPDX-License-Identifier: MIT
// Trains chunks of a plan in worker processes, shows the progress, and passes results on in
// batches: each transaction costs a write to disk.
#pragma once

#include <csignal>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/plan.h"
#include "engine/pool.h"
#include "engine/progress.h"

namespace descent::engine {

class TrainingSession {
 public:
  struct Options {
    unsigned workers = 1;
    bool progress = false;                    // draw the progress line
    std::function<void()> after_commit = {};  // when results have been stored
  };

  // runs: how many are expected.
  TrainingSession(const Plan& plan, std::uint64_t runs, Options options);

  // Called for every result on arrival. Returns true to have it committed at once.
  using OnArrival = std::function<bool(const ChunkResult&)>;
  // Returns false when the store is locked: it is called again with these results and more.
  using Commit = std::function<bool(std::vector<ChunkResult>&)>;

  // Trains the requests of `next`. Returns false when stop became non-zero; results that had
  // arrived are committed in either case. While the store is locked, results are kept and training
  // goes on; when they become too many, it waits.
  bool run(const Pool::NextRequest& next, const OnArrival& on_arrival, const Commit& commit,
           const volatile std::sig_atomic_t& stop);

  Progress& progress() { return progress_; }

 private:
  const Plan& plan_;
  unsigned workers_;
  Progress progress_;
  std::function<void()> after_commit_;
};

}  // namespace descent::engine
