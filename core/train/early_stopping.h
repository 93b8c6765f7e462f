// SPDX-License-Identifier: MIT
// When training ends before its last epoch: `train.stop`.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "train/settings.h"

namespace descent::train {

// An improvement is defined as in Keras and PyTorch Lightning: more than min_delta better than the
// best value so far. The value before training does not count.
class EarlyStopping {
 public:
  explicit EarlyStopping(const StopSettings& settings) : settings_(settings) {}

  // After every epoch (from 1), with the metric's value then. Whether it is the best so far.
  bool note(std::uint64_t epoch, double value);
  // Why training ends with the epoch that was noted last; empty: it does not.
  std::string reason() const;

 private:
  const StopSettings& settings_;
  double value_ = 0, best_ = std::numeric_limits<double>::infinity();
  std::uint64_t epoch_ = 0, best_epoch_ = 0;  // 0: none
};

}  // namespace descent::train
