// SPDX-License-Identifier: MIT
#include "engine/estimate_time.h"

#include <chrono>

#include "engine/chunk.h"
#include "engine/pool.h"

namespace descent {

TimePerRun time_per_run(const Plan& plan) {
  const auto points = plan.size();
  const auto tries = std::min<std::uint64_t>(points, 5);
  const auto start = std::chrono::steady_clock::now();
  volatile std::sig_atomic_t stop = 0;
  std::uint64_t given = 0, ended = 0;
  double seconds = 0;
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };

  ChunkRunner chunks(plan);
  Pool pool({1, [](std::uint64_t) { return 0.0; }},
            [&](const Task& task, const auto& before) { return chunks.run(task, before); });
  pool.run(
      [&](Task& task) {
        if (given == tries) return false;
        const auto point = points * given++ / tries;
        task = {point, 0, plan.planned(point).first, 1, {}};
        return true;
      },
      [&](ChunkResult&& result) {
        for (const auto& run : result.runs) seconds += run.train_seconds;
        ended += result.runs.size();
      },
      [&] {
        if (elapsed() > 2) stop = 1;
      },
      stop);
  if (ended == tries) return {seconds / double(ended), true};
  return {elapsed() / double(ended + 1), false};  // the one under way has taken at least the rest
}

}  // namespace descent
