// SPDX-License-Identifier: MIT
// The parent's side of the workers: forks them, feeds them, and turns every way a worker can end
// into rows, so that a plugin that crashes or hangs costs only its own runs.
#pragma once

#include <csignal>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/worker_process.h"

namespace descent::engine {

class Pool {
 public:
  struct Options {
    unsigned workers = 1;
    // Seconds a run of this point of the plan may take, 0: no limit.
    std::function<double(std::uint64_t point)> timeout;
    MemoryLimit memory = [](std::uint64_t) { return 0; };
  };

  // next gives the requests in order, and false when there are none; after a result there may be
  // more.
  using NextRequest = std::function<bool(ChunkRequest&)>;
  using OnResult = std::function<void(ChunkResult&&)>;

  Pool(Options options, ChunkTrainer train);
  ~Pool();  // ends the workers that are left
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Runs all requests; results come in any order. idle is called about 20 times a second. Returns
  // false when stop became non-zero; results that had arrived were passed to on_result.
  bool run(const NextRequest& next, const OnResult& on_result, const std::function<void()>& idle,
           const volatile std::sig_atomic_t& stop);

 private:
  struct Worker;
  struct RunName {
    std::uint64_t point = 0, replicate = WorkerStatusPage::idle;  // idle: of no run
  };

  void start(Worker& worker);
  void feed(Worker& worker);
  void receive(Worker& worker, const OnResult& on_result);
  void reap(const OnResult& on_result);
  void on_exit(Worker& worker);
  bool take_result(Worker& worker, ChunkResult& result);
  RunName failed_run(Worker& worker, int status);
  void mark_failed(Worker& worker, const RunName& run, const std::string& end);
  std::string describe(const Worker& worker, int status, std::uint64_t most_memory) const;
  void enforce_timeouts();
  void wait(std::vector<Worker*>& readable);
  bool busy() const;
  double limit(const Worker& worker) const;
  void look_at_the_clock();

  Options options_;
  ChunkTrainer train_;
  NextRequest next_;
  std::int64_t looked_ = 0;         // steady clock, nanoseconds
  std::deque<ChunkRequest> again_;  // chunks of workers that died; fed before new ones
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace descent::engine
