// SPDX-License-Identifier: MIT
// What the curves of a run record.
#pragma once

#include <string_view>

namespace descent {

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

}  // namespace descent
