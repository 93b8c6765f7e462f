// SPDX-License-Identifier: MIT
// The time of a step inside real trainings.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>

#include "built.h"
#include "train/training.h"

namespace descent {

inline nn::LayerSpec linear(std::uint64_t units) {
  return {nn::LayerSpec::Kind::linear, units, true, 0};
}
inline nn::LayerSpec relu() { return {nn::LayerSpec::Kind::relu, 0, true, 0}; }

// Times whole trainings of the settings with this loss and optimizer, their hyperparameters at the
// defaults, and counts each step as an iteration. A step is everything the trainer does in it,
// including its share of shuffling; a training records its loss once before and once after the
// steps, so the settings should have many.
inline void time_steps(benchmark::State& state, train::Settings settings, const std::string& loss,
                       const std::string& optimizer) {
  const host::Catalog catalog({built("plugins")});
  settings.loss.plugin = {loss, catalog.get(DESCENT_LOSS, loss).settle({}).hyperparameters};
  settings.optimizer = {optimizer,
                        catalog.get(DESCENT_OPTIMIZER, optimizer).settle({}).hyperparameters};
  settings.record.every = settings.train.epochs;
  const auto kind = train::target_kind(settings, catalog);
  const auto source = std::make_shared<data::ReplicateSampler>(settings.data, kind,
                                                               data::Resample::none, settings.seed);
  const train::Training training(settings, source, catalog);
  const auto batches =
      settings.train.batch == 0 ? 1 : source->training_size() / settings.train.batch;
  const auto steps = std::int64_t(settings.train.epochs * batches);
  while (state.KeepRunningBatch(steps)) {
    const record::Run run = training.run(0, {});
    if (run.status != record::Status::done || std::int64_t(run.steps) != steps)
      return state.SkipWithError(("the training ended early: " + run.reason).c_str());
  }
}

}  // namespace descent
