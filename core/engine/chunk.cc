// SPDX-License-Identifier: MIT
#include "engine/chunk.h"

#include <algorithm>
#include <new>

#include "deploy/trained_model.h"

namespace descent::engine {
namespace {

// A process that ran out of memory may have none left for the next run, so it must be replaced: the
// exception ends the worker.
record::Run checked(record::Run run) {
  if (run.status == record::Status::failed && run.reason.find("std::bad_alloc") != run.reason.npos)
    throw std::bad_alloc();
  return run;
}

}  // namespace

// Keeps the model of a run that is done, if it is asked for; the weights only if they are.
record::Run ChunkRunner::with_model(record::Run run) const {
  const auto& record = training_->settings().record;
  if (record.model == train::ModelKept::none) return run;
  if (run.status == record::Status::done)
    run.model = deploy::text(deploy::model_of(*training_, run));
  if (!record.weights) run.weights.clear();
  return run;
}

void ChunkRunner::prepare(std::uint64_t position) {
  if (position_ == position) return;
  decomposer_.reset();
  training_ = std::make_unique<train::Training>(plan_.training(plan_.point(position)));
  if (plan_.planned(position).is_decomposed) {
    decomposer_ = std::make_unique<Decomposer>(*training_);
    epochs_per_piece_ = epochs_per_piece(plan_.planned(position), *decomposer_);
  }
  position_ = position;
}

ChunkResult ChunkRunner::run(const ChunkRequest& request, const RunHooks& hooks) {
  prepare(request.point);
  const bool decomposes = decomposer_ && request.epochs == 0;
  EpochStates epochs;
  if (decomposes) epochs.assign(training_->recorded_epochs().size(), decomposer_->empty_states());
  ChunkResult result{request.point, request.chunk, request.first, request.count, {}, {}};
  for (auto replicate = request.first; replicate < request.first + request.count; ++replicate) {
    const auto lost = std::find_if(request.lost.begin(), request.lost.end(),
                                   [&](const record::Run& l) { return l.replicate == replicate; });
    if (lost != request.lost.end()) {
      result.runs.push_back(*lost);
      if (decomposes)
        for (auto& states : epochs) decomposer_->skip(states);
      continue;
    }
    hooks.before(replicate);
    result.runs.push_back(decomposes ? train(replicate, epochs, hooks)
                                     : with_model(checked(training_->run(
                                           replicate, {}, request.epochs, hooks.is_late))));
  }
  if (decomposes) result.pieces = encode(epochs, epochs_per_piece_);
  return result;
}

// Only runs that end well are decomposed, at every epoch: a curve over training must be of the same
// replicates throughout.
record::Run ChunkRunner::train(std::uint64_t replicate, EpochStates& epochs,
                               const RunHooks& hooks) {
  std::vector<arma::mat> predictions(epochs.size());
  const auto keep = [&](std::size_t i, const arma::mat& prediction) {
    predictions[i] = prediction;
  };
  auto run = with_model(checked(training_->run(replicate, keep, 0, hooks.is_late)));
  const bool is_done = run.status == record::Status::done;
  for (std::size_t i = 0; i < epochs.size(); ++i)
    is_done ? decomposer_->add(epochs[i], predictions[i]) : decomposer_->skip(epochs[i]);
  return run;
}

}  // namespace descent::engine
