// SPDX-License-Identifier: MIT
#include "engine/estimate_time.h"

#include <chrono>
#include <functional>

#include "engine/chunk_messages.h"
#include "engine/pool.h"

namespace descent::engine {
namespace {

// Nothing is accumulated: single replicates make no whole blocks.
ChunkResult one_run(const Plan& plan, const ChunkRequest& request, const RunHooks& hooks) {
  record::Run run;
  if (request.lost.empty()) {
    const auto training = plan.training(plan.point(request.point));
    hooks.before(request.first);
    run = training.run(request.first, {});
  } else {
    run = request.lost.front();
  }
  return {request.point, request.chunk, request.first, request.count, {run}, {}};
}

}  // namespace

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

  Pool pool({1, [](std::uint64_t) { return 0.0; },
             [&](std::uint64_t point) { return plan.planned(point).memory_bytes; }},
            [&](const ChunkRequest& request, const RunHooks& hooks) {
              return one_run(plan, request, hooks);
            });
  pool.run(
      [&](ChunkRequest& request) {
        if (given == tries) return false;
        const auto point = points * given++ / tries;
        request = {point, 0, plan.planned(point).first, 1, 0, {}};
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

}  // namespace descent::engine
