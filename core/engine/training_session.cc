// SPDX-License-Identifier: MIT
#include "engine/training_session.h"

#include <algorithm>
#include <chrono>

#include "engine/chunk.h"

namespace descent::engine {
namespace {

using Clock = std::chrono::steady_clock;

// A transaction collects results for this long, or until it holds this many runs, or bytes of
// accumulators.
constexpr auto longest_batch = std::chrono::milliseconds(250);
constexpr std::uint64_t most_batched = 5'000;
constexpr std::size_t most_bytes = 32 << 20;
constexpr unsigned most_batches = 8;  // in memory while the store is locked

std::size_t bytes_of(const ChunkResult& result) {
  std::size_t bytes = 0;
  for (const auto& piece : result.pieces) bytes += piece.size();
  return bytes;
}

}  // namespace

TrainingSession::TrainingSession(const Plan& plan, std::uint64_t runs, Options options)
    : plan_(plan),
      workers_(unsigned(std::min<std::uint64_t>(options.workers, runs))),  // no idle workers
      progress_(runs, options.progress),
      after_commit_(std::move(options.after_commit)) {}

bool TrainingSession::run(const Pool::NextRequest& next, const OnArrival& on_arrival,
                          const Commit& commit, const volatile std::sig_atomic_t& stop) {
  std::vector<ChunkResult> arrived;
  std::uint64_t runs = 0;  // of them
  std::size_t bytes = 0;
  bool is_committing = false;
  auto last_commit = Clock::now();
  const auto commit_arrived = [&] {
    last_commit = Clock::now();
    is_committing = true;
    const bool is_done = arrived.empty() || commit(arrived);
    is_committing = false;
    if (!is_done) return;
    const bool is_new = !arrived.empty();
    arrived.clear();
    runs = bytes = 0;
    if (is_new && after_commit_) after_commit_();
  };
  const auto is_full = [&](unsigned batches) {
    return runs >= batches * most_batched || bytes >= batches * most_bytes;
  };
  const auto is_due = [&] {
    return is_full(1) || (runs > 0 && Clock::now() - last_commit > longest_batch);
  };
  const auto take = [&](ChunkResult&& result) {
    const bool at_once = on_arrival(result);
    runs += result.runs.size();
    bytes += bytes_of(result);
    arrived.push_back(std::move(result));
    if (at_once || is_due()) commit_arrived();
    while (is_full(most_batches)) commit_arrived();
  };
  const auto idle = [&] {
    progress_.draw();
    if (is_due()) commit_arrived();
  };
  // Workers are forks of this process: they inherit the plan, and only requests and results travel
  // through pipes.
  ChunkRunner chunks(plan_);
  Pool pool({workers_, [&](std::uint64_t point) { return plan_.planned(point).timeout_seconds; },
             [&](std::uint64_t point) { return plan_.planned(point).memory_bytes; }},
            [&](const ChunkRequest& request, const RunHooks& hooks) {
              return chunks.run(request, hooks);
            });
  // A commit may find that more is to be trained: then the pool goes on.
  bool whole = false, is_more_possible = true;
  while (is_more_possible) {
    try {
      whole = pool.run(next, take, idle, stop);
    } catch (...) {  // for example, no process can be forked any more
      if (!is_committing) commit_arrived();
      throw;
    }
    is_more_possible = whole && !arrived.empty();
    do commit_arrived();
    while (!arrived.empty());
  }
  return whole;
}

}  // namespace descent::engine
