// SPDX-License-Identifier: MIT
// The metrics that the curves of a run record.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace descent::record {

// The value is metric_id in a store and never changes: new metrics are added at the end.
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
};

inline constexpr std::string_view metric_names[] = {"train_loss",
                                                    "test_loss",
                                                    "penalty",
                                                    "train_accuracy",
                                                    "test_accuracy",
                                                    "running_loss",
                                                    "gradient_norm",
                                                    "weight_norm",
                                                    "x",
                                                    "y",
                                                    "validation_loss",
                                                    "validation_accuracy"};
static_assert(std::size(metric_names) == std::size_t(Metric::validation_accuracy) + 1);

constexpr std::string_view metric_name(Metric metric) { return metric_names[std::size_t(metric)]; }

}  // namespace descent::record
