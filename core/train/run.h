// SPDX-License-Identifier: MIT
// What one run leaves behind.
#pragma once

#include <armadillo>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

// pruned: ended before its last epoch because other points were ahead of it.
enum class Status { done, diverged, failed, timeout, crashed, pruned };
inline constexpr std::size_t status_count = 6;
std::string_view status_name(Status status);

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
std::string_view metric_name(Metric metric);

struct CurvePoint {
  std::uint64_t epoch;
  Metric metric;
  double value;
};

// A number that may be missing is NaN.
struct Run {
  static constexpr double missing = std::numeric_limits<double>::quiet_NaN();

  std::uint64_t replicate = 0;
  Status status = Status::done;
  std::string reason;  // why it ended early: what was found, at which epoch and step
  std::uint64_t epochs = 0, steps = 0;  // completed
  double train_seconds = 0;
  double train_loss = missing, test_loss = missing, penalty = missing;
  double train_accuracy = missing, test_accuracy = missing;
  double validation_loss = missing, validation_accuracy = missing;
  double last_finite_loss = missing;  // the last batch loss that was a number
  std::uint64_t zero_weights = 0;     // weights, biases apart, that are exactly 0
  double gradient_norm = missing;     // of the objective, at the last step taken
  double weight_norm = missing;       // of weights and biases
  std::vector<CurvePoint> curve;
  arma::vec weights;  // the flat vector, if weights are recorded
};

}  // namespace descent
