// SPDX-License-Identifier: MIT
#include "store/records.h"

#include <array>

namespace descent {

std::string_view name_of(RunStatus status) {
  static constexpr std::array<std::string_view, 6> names = {"done",    "diverged", "failed",
                                                            "timeout", "crashed",  "pruned"};
  return names.at(static_cast<std::size_t>(status));
}

std::string_view name_of(CurveMetric metric) {
  static constexpr std::array<std::string_view, 12> names = {"train_loss",
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
  return names.at(static_cast<std::size_t>(metric));
}

}  // namespace descent
