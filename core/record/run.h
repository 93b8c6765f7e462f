// SPDX-License-Identifier: MIT
// The results of one run, as training produces them, a worker sends them, and the store keeps them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/not_recorded.h"
#include "record/metric.h"
#include "record/status.h"

namespace descent::record {

// A run's number in the store, point_id * this + replicate, has six digits for the replicate.
inline constexpr std::int64_t runs_per_point = 1'000'000;

struct CurvePoint {
  std::uint64_t epoch = 0;
  Metric metric = Metric::train_loss;
  double value = not_recorded;
};

// A metric between epochs: `record.every: {steps: k}`.
struct StepPoint {
  double epoch = 0;  // passes over the training set so far
  std::uint64_t step = 0;
  Metric metric = Metric::train_loss;
  double value = not_recorded;
};

// The final value of a metric that is no column of the table runs.
struct MetricValue {
  Metric metric = Metric::train_loss;
  double value = not_recorded;
};

// The samples of a class that were predicted as a class, by name, at a recorded epoch.
struct ConfusionCell {
  std::uint64_t epoch = 0;
  Set set = Set::test;
  std::string output;  // the target column
  std::string actual, predicted;
  double weight = 0;  // of these samples; their number without sample weights
};

// What the trained model predicts of a set: of numbers the target in its own unit, of classes the
// probability of each, of binary outputs that of 1.
struct Predictions {
  Set set = Set::test;
  std::vector<std::string> outputs;   // target columns, or classes
  std::vector<std::uint64_t> lines;   // of each sample in its file, or empty
  std::vector<double> value, target;  // all outputs of the first sample, then of the second, ...
};

// A value that the optimizer noted under a name of its own, as it was at a recorded epoch.
struct Note {
  std::uint64_t epoch = 0;
  std::string name;
  double value = not_recorded;
};

// The weights after an epoch.
struct Checkpoint {
  std::uint64_t epoch = 0;
  std::vector<double> weights;
};

// What a run had cost by a recorded epoch, its record not included.
struct CurveCost {
  std::uint64_t epoch = 0, steps = 0, evaluations = 0;
  double elapsed_seconds = 0;
};

struct Run {
  std::uint64_t replicate = 0;  // < 1,000,000
  Status status = Status::done;
  std::string reason;                   // why it ended early: the problem, its epoch and step
  std::uint64_t epochs = 0, steps = 0;  // completed
  std::uint64_t evaluations = 0;        // forward and backward passes that the steps took
  double train_seconds = 0;
  double train_loss = not_recorded, test_loss = not_recorded, penalty = not_recorded;
  double train_accuracy = not_recorded, test_accuracy = not_recorded;
  double last_finite_loss = not_recorded;  // the last batch loss that was a number
  double gradient_norm = not_recorded;     // of the objective, at the last step taken
  double weight_norm = not_recorded;       // of weights and biases
  std::uint64_t zero_weights = 0;          // weights, biases apart, that are exactly 0
  double validation_loss = not_recorded, validation_accuracy = not_recorded;
  std::vector<CurvePoint> curve;         // (epoch, metric) at most once
  std::vector<CurveCost> costs;          // each epoch of the curve once
  std::vector<double> weights;           // the flat vector, if weights are recorded
  std::vector<StepPoint> step_curve;     // (step, metric) at most once
  std::vector<MetricValue> measures;     // each metric once
  std::vector<ConfusionCell> confusion;  // those that occur
  std::vector<Predictions> predictions;  // a set once
  std::vector<Note> notes;               // (epoch, name) at most once
  std::vector<Checkpoint> checkpoints;   // in the order of their epochs
  std::string model;  // what predicting needs, as JSON (docs/predict.md); empty: not kept
};

// Calls visit(name, member) for every column of the table runs after run_id and point_id, in the
// order of the table. Messages, the table itself and its writing follow from this list.
template <class R, class Visit>  // R: Run or const Run
void for_each_column(R& run, const Visit& visit) {
  visit("replicate", run.replicate);
  visit("status", run.status);
  visit("reason", run.reason);
  visit("epochs", run.epochs);
  visit("steps", run.steps);
  visit("evaluations", run.evaluations);
  visit("train_seconds", run.train_seconds);
  visit("train_loss", run.train_loss);
  visit("test_loss", run.test_loss);
  visit("penalty", run.penalty);
  visit("train_accuracy", run.train_accuracy);
  visit("test_accuracy", run.test_accuracy);
  visit("last_finite_loss", run.last_finite_loss);
  visit("gradient_norm", run.gradient_norm);
  visit("weight_norm", run.weight_norm);
  visit("zero_weights", run.zero_weights);
  visit("validation_loss", run.validation_loss);
  visit("validation_accuracy", run.validation_accuracy);
}

}  // namespace descent::record
