// SPDX-License-Identifier: MIT
// One point of a grid, settled: every value a training needs, and nothing that is not a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/element.h"
#include "data/spec.h"
#include "host/choice.h"
#include "nn/spec.h"
#include "train/schedule.h"

namespace descent {

enum class Reduction { mean, sum };

struct LossSettings {
  Choice plugin;
  Reduction reduction = Reduction::mean;
  std::vector<double> class_weight;  // a weight per class or output; empty: all 1
};

struct RegularizerSettings {
  Choice plugin;
  bool on_all = false;    // biases too
  bool proximal = false;  // a proximal step after the optimizer's instead of a gradient
};

struct TrainSettings {
  std::uint64_t epochs = 1;
  std::uint64_t batch = 0;     // 0: the full batch
  double timeout_seconds = 0;  // of one run; 0: none
  std::vector<Schedule> schedules;
  double clip_norm = 0;   // longest gradient; 0: any length
  double clip_value = 0;  // largest size of an element of the gradient; 0: any
  double ema = 0;         // how much of the averaged weights a step keeps; 0: no average
};

struct RecordSettings {
  std::uint64_t every = 1;  // epochs between curve rows; epoch 0 and the last always
  bool weights = false;     // store the final weights
  // Metrics to decompose besides the loss's own; nothing: what the kind of loss gives by default.
  std::optional<std::vector<std::string>> decompose;
};

struct ReplicateSettings {
  std::uint64_t count = 1;
  Resample resample = Resample::fresh;
  bool vary_data = true, vary_init = true, vary_order = true;
};

struct Settings {
  std::uint64_t seed = 0;
  Element dtype = Element::float32;
  DataSpec data;
  std::vector<FeatureSpec> features;
  ModelSpec model;
  LossSettings loss;
  Choice optimizer;
  std::vector<RegularizerSettings> regularizers;
  TrainSettings train;
  RecordSettings record;
  ReplicateSettings replicates;
};

}  // namespace descent
