// SPDX-License-Identifier: MIT
#include "train/metric.h"

namespace descent {

std::string_view metric_name(Metric metric) {
  static constexpr std::string_view names[] = {"train_loss",
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
  return names[std::size_t(metric)];
}

}  // namespace descent
