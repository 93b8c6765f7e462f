// SPDX-License-Identifier: MIT
// One point under way: what the store lacks of it, and its results once nothing is missing.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/assignment.h"
#include "engine/chunk_states.h"
#include "engine/plan.h"
#include "store/store.h"
#include "train/training.h"

namespace descent::engine {

// Chunks are given to workers, arrive, and are stored, in this order; when all missing ones are
// stored, the standard errors require a larger goal (next_goal(), extend()), or the point is
// finished. Those that use accumulators throw LostChunk; forget_lost() then has them trained again.
class PointWork {
 public:
  using Pieces = std::vector<std::string>;  // of a chunk's states; none: they are in the store

  // Determines the missing chunks of the first replicates; if there are none, of the replicates
  // that the standard errors require. part: train these chunks only; null: all.
  PointWork(const Plan& plan, store::Store& store, std::uint64_t position, std::int64_t id,
            const Assignment* part);

  // The replicates that the standard errors require; without `until`, the goal.
  // REQUIRES: the states of all chunks.
  std::uint64_t next_goal() const;
  bool is_precise() const;  // whether they are small enough
  void extend(std::uint64_t goal);

  // This chunk and others that are lost are missing again. Returns their runs.
  std::uint64_t forget_lost(const LostChunk& lost);

  // Writes decomposition and fits. REQUIRES: the states of all chunks.
  void finish() const;

  const train::Training& training();  // made when it is first asked for

  std::uint64_t goal = 0;  // replicates to train; `until` may then set another
  std::vector<statistics::ReplicateRange> chunks;
  std::vector<std::size_t> missing;                // positions of chunks to run
  std::size_t given = 0, arrived = 0, stored = 0;  // of missing
  std::map<std::uint64_t, Pieces> states;          // of finished chunks, by first replicate

 private:
  void find_missing(std::size_t from);  // of the chunks from this one on
  statistics::Decomposition last_decomposition() const;
  ChunkStates chunk_states(const Decomposer& decomposer) const;
  train::Training ready() const;

  const Plan* plan_;
  store::Store* store_;
  std::uint64_t position_;
  std::int64_t id_;
  std::vector<std::uint64_t> replicates_;      // with stored rows, ascending
  std::unique_ptr<train::Training> training_;  // once results have come
};

}  // namespace descent::engine
