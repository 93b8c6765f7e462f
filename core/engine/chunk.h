// SPDX-License-Identifier: MIT
// Trains a chunk: the work of a worker for a request.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/chunk_messages.h"
#include "engine/chunk_states.h"
#include "engine/decomposer.h"
#include "engine/plan.h"
#include "engine/worker.h"

namespace descent::engine {

// Trains the chunks of a plan, keeping what successive chunks of one point share.
class ChunkRunner {
 public:
  explicit ChunkRunner(const Plan& plan) : plan_(plan) {}

  // Replicates that the request says are lost are not trained again, their rows are made from what
  // is known. Throws std::bad_alloc when a run is out of memory, no matter where that was detected.
  ChunkResult run(const ChunkRequest& request, const RunHooks& hooks);

 private:
  void prepare(std::uint64_t position);
  record::Run with_model(record::Run run) const;
  record::Run train(std::uint64_t replicate, EpochStates& epochs, const RunHooks& hooks);

  const Plan& plan_;
  std::optional<std::uint64_t> position_;
  std::unique_ptr<train::Training> training_;
  std::unique_ptr<Decomposer> decomposer_;  // none when the point is not decomposed
  std::size_t epochs_per_piece_ = 1;
};

}  // namespace descent::engine
