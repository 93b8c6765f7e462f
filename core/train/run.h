// SPDX-License-Identifier: MIT
// What one run leaves behind.
#pragma once

#include <armadillo>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "train/metric.h"
#include "train/status.h"

namespace descent {

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
