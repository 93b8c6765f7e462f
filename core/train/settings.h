// SPDX-License-Identifier: MIT
// One point of a grid, resolved: the values of all settings of a training.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/element.h"
#include "data/spec.h"
#include "host/plugin_config.h"
#include "nn/spec.h"
#include "record/metric.h"
#include "record/run.h"
#include "train/schedule.h"

namespace descent::train {

enum class Reduction { mean, sum, batchmean };  // batchmean: the sum over the number of samples

struct LossSettings {
  host::PluginConfig plugin;
  Reduction reduction = Reduction::mean;
  std::vector<double> class_weight;  // a weight per class or output; empty: all 1
  bool is_balanced = false;          // class_weight: n / (classes x samples of the class)
};

struct RegularizerSettings {
  host::PluginConfig plugin;
  bool on_all = false;    // biases too
  bool proximal = false;  // a proximal step after the optimizer's instead of a gradient
};

// Stops a training that no longer improves: when the metric has not become better by more than
// min_delta than the best so far for `patience` epochs (0: however long); or that is good enough:
// when it has reached the target. restore: with the best epoch's weights.
struct StopSettings {
  std::uint64_t patience = 0;
  double min_delta = 0;
  record::Metric metric = record::Metric::validation_loss;
  bool restore = false;
  std::optional<double> target{};
};

struct TrainSettings {
  std::uint64_t epochs = 1;
  std::uint64_t steps = 0;         // training ends with this step; 0: with the last epoch
  std::uint64_t batch = 0;         // 0: the full batch
  bool replacement = false;        // whether samples of an epoch are drawn with replacement
  double timeout_seconds = 0;      // of one run; 0: none
  std::uint64_t memory_bytes = 0;  // of a worker beyond what it begins with; 0: no limit
  std::vector<Schedule> schedules;
  double clip_norm = 0;   // longest gradient; 0: any length
  double clip_value = 0;  // largest size of an element of the gradient; 0: any
  double ema = 0;         // how much of the averaged weights a step keeps; 0: no average
  std::optional<StopSettings> stop;
};

// Which runs of a point keep their model.
enum class ModelKept { none, best, all };

struct RecordSettings {
  std::uint64_t every = 1;    // epochs between curve rows; epoch 0 and the last always
  bool weights = false;       // store the final weights
  bool is_decomposed = true;  // into bias and variance, where there is something to decompose
  // Metrics to decompose in addition to the loss's own; nothing: the defaults of the kind of loss.
  std::optional<std::vector<std::string>> decompose;
  std::uint64_t every_steps = 0;    // steps between records within epochs; 0: none
  std::uint64_t weights_every = 0;  // epochs between checkpoints; 0: none
  // Measures, or metrics of one set, as "f1" and "train_f1"; nothing: the defaults of the targets.
  std::optional<std::vector<std::string>> metrics{};
  bool confusion = false;    // confusion matrices at recorded epochs
  bool predictions = false;  // of the trained model, of the sets that measures are of
  ModelKept model = ModelKept::none;
  std::uint64_t fit = 20;  // replicates with stored fits, of points of one input; 0: no fit
};

// The steps of a run with so many batches an epoch.
std::uint64_t total_steps(const TrainSettings& settings, std::uint64_t batches);

// How replicates combine what varies: each has its own draws, or they form blocks of `seeds`
// replicates. Within a block, the first of data, init and order that varies is the same; the others
// differ for each replicate (nested), or are the same in every block (crossed).
enum class Layout { single, nested, crossed };
const char* name(Layout layout);  // as an experiment file writes it

// Limits on the standard errors of the last epoch's decomposition; 0: no limit.
struct Until {
  double total_se = 0, bias2_se = 0, variance_se = 0;
};

struct ReplicateSettings {
  std::uint64_t count = 1;
  std::uint64_t first = 0;  // replicates first .. first + count - 1
  data::Resampling resample;
  bool vary_data = true, vary_init = true, vary_order = true;
  bool vary_split = false;  // which rows of a file are test and validation set, too
  Layout layout = Layout::single;
  std::uint64_t seeds = 1;     // replicates of a block; single: 1
  std::optional<Until> until;  // more replicates than count, up to most, until errors are as small
  std::uint64_t most = 1;      // count without `until`
};

inline constexpr std::uint64_t max_replicates = record::runs_per_point;

// The indices of the random streams of a replicate; 0 for those that do not vary.
struct Streams {
  std::uint64_t data = 0, init = 0, order = 0, split = 0;
};
Streams streams_of(const ReplicateSettings& settings, std::uint64_t replicate);

// Replicates per block, such as seeds of one draw or parts of one pool; 1: no blocks.
std::uint64_t block_size(const ReplicateSettings& settings);

// Which points of an experiment are trained to the end: at the epochs min_epochs, min_epochs
// reduction, min_epochs reduction^2, ... one in `reduction` goes on, the best by a metric.
struct Prune {
  std::uint64_t min_epochs = 1, reduction = 3;
  record::Metric metric = record::Metric::train_loss;
  std::vector<std::string> per;  // swept paths: points compete with those of the same values
};

struct Settings {
  std::uint64_t seed = 0;
  Element dtype = Element::float32;
  data::DataSpec data;
  std::vector<data::FeatureSpec> features;
  nn::ModelSpec model;
  LossSettings loss;
  host::PluginConfig optimizer;
  std::vector<RegularizerSettings> regularizers;
  TrainSettings train;
  RecordSettings record;
  ReplicateSettings replicates;
  std::optional<Prune> prune;
};

}  // namespace descent::train
