// SPDX-License-Identifier: MIT
// The metrics that the curves of a run record, and the measures among them that a file chooses.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace descent::record {

// The value is metric_id in a store and never changes. Those of measures follow (metric_of).
enum class Metric {
  train_loss,      // data term on the whole training set
  test_loss,       // data term on the test set
  penalty,         // sum of the regularizers' penalties
  train_accuracy,  // share of samples classified right
  test_accuracy,
  running_loss,   // mean over an epoch's samples of the batch loss before each step
  gradient_norm,  // of the objective at the last step's batch, before that step; if exact, after it
  weight_norm,    // of weights and biases
  x,              // the weights of a surface
  y,
  validation_loss,  // data term on the validation set
  validation_accuracy,
  measures,  // the first of them
};

// What can be measured of predictions besides the loss and the accuracy. New ones are added at the
// end: the order decides their metric_id.
enum class Measure {
  mse,  // of numbers
  mae,
  rmse,
  r2,
  median_absolute_error,
  explained_variance,
  balanced_accuracy,  // of classes
  precision,
  recall,
  f1,
  precision_micro,
  recall_micro,
  f1_micro,
  mcc,
  roc_auc,
  average_precision,
  log_loss,
  brier,
  ece,
  top_2_accuracy,
  top_3_accuracy,
  top_5_accuracy,
  top_10_accuracy,
};

// The sets of samples, in the order of the metrics of a measure.
enum class Set { train, validation, test };
inline constexpr std::string_view set_names[] = {"train", "validation", "test"};

// Which of two values is better.
enum class Better { lower, higher, neither };

struct MeasureFacts {
  std::string_view name, label;
  Better better;
  bool is_of_classes;  // else of numbers
};

inline constexpr MeasureFacts measure_facts[] = {
    {"mse", "mean squared error", Better::lower, false},
    {"mae", "mean absolute error", Better::lower, false},
    {"rmse", "root mean squared error", Better::lower, false},
    {"r2", "R²", Better::higher, false},
    {"median_absolute_error", "median absolute error", Better::lower, false},
    {"explained_variance", "explained variance", Better::higher, false},
    {"balanced_accuracy", "balanced accuracy", Better::higher, true},
    {"precision", "precision", Better::higher, true},
    {"recall", "recall", Better::higher, true},
    {"f1", "F1", Better::higher, true},
    {"precision_micro", "precision over all samples", Better::higher, true},
    {"recall_micro", "recall over all samples", Better::higher, true},
    {"f1_micro", "F1 over all samples", Better::higher, true},
    {"mcc", "Matthews correlation", Better::higher, true},
    {"roc_auc", "area under the ROC curve", Better::higher, true},
    {"average_precision", "average precision", Better::higher, true},
    {"log_loss", "log loss", Better::lower, true},
    {"brier", "Brier score", Better::lower, true},
    {"ece", "calibration error", Better::lower, true},
    {"top_2_accuracy", "top-2 accuracy", Better::higher, true},
    {"top_3_accuracy", "top-3 accuracy", Better::higher, true},
    {"top_5_accuracy", "top-5 accuracy", Better::higher, true},
    {"top_10_accuracy", "top-10 accuracy", Better::higher, true},
};
inline constexpr std::size_t measure_count = std::size(measure_facts);
static_assert(measure_count == std::size_t(Measure::top_10_accuracy) + 1);

constexpr const MeasureFacts& facts_of(Measure measure) {
  return measure_facts[std::size_t(measure)];
}

constexpr Metric metric_of(Measure measure, Set set) {
  return Metric(std::size_t(Metric::measures) + std::size(set_names) * std::size_t(measure) +
                std::size_t(set));
}

constexpr Measure measure_of(Metric metric) {  // REQUIRES: is_measure(metric)
  return Measure((std::size_t(metric) - std::size_t(Metric::measures)) / std::size(set_names));
}

constexpr bool is_measure(Metric metric) { return metric >= Metric::measures; }

// What a metric is called, and what is better: a row of the table metrics.
struct MetricFacts {
  std::string name, label;  // as "test_loss", and "test loss" for people
  Better better;
};

inline constexpr std::string_view better_names[] = {"lower", "higher", ""};

// By metric_id.
inline const std::vector<MetricFacts>& metric_facts() {
  using enum Better;
  static const std::vector<MetricFacts> all = [] {
    std::vector<MetricFacts> facts = {
        {"train_loss", "training loss", lower},
        {"test_loss", "test loss", lower},
        {"penalty", "penalty", lower},
        {"train_accuracy", "training accuracy", higher},
        {"test_accuracy", "test accuracy", higher},
        {"running_loss", "running loss", lower},
        {"gradient_norm", "gradient norm", neither},
        {"weight_norm", "weight norm", neither},
        {"x", "x", neither},
        {"y", "y", neither},
        {"validation_loss", "validation loss", lower},
        {"validation_accuracy", "validation accuracy", higher},
    };
    constexpr std::string_view labels[] = {"training", "validation", "test"};
    for (const auto& measure : measure_facts)
      for (std::size_t set = 0; set < std::size(set_names); ++set)
        facts.push_back({std::string(set_names[set]).append("_").append(measure.name),
                         std::string(labels[set]).append(" ").append(measure.label),
                         measure.better});
    return facts;
  }();
  return all;
}

inline const MetricFacts& facts_of(Metric metric) { return metric_facts()[std::size_t(metric)]; }

inline const std::string& metric_name(Metric metric) { return facts_of(metric).name; }

// Whether it is a measure in the unit of the target or its square, such as mae and mse.
inline bool is_in_unit_of_target(Metric metric) {
  if (!is_measure(metric)) return false;
  const auto& facts = facts_of(measure_of(metric));
  return !facts.is_of_classes && facts.better == Better::lower;
}

// Of this name; nothing: there is none.
inline std::optional<Metric> find_metric(std::string_view name) {
  const auto& all = metric_facts();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name) return Metric(i);
  return {};
}

}  // namespace descent::record
