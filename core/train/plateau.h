// SPDX-License-Identifier: MIT
// A value that is reduced when a metric no longer improves: PyTorch's ReduceLROnPlateau.
#pragma once

#include <cstdint>
#include <optional>

#include "train/schedule.h"

namespace descent::train {

class Plateau {
 public:
  Plateau(const ReduceOnPlateau& rule, double base) : rule_(rule), value_(base) {}

  // After every epoch, with the metric's value then.
  void note(double metric);
  double value() const { return value_; }

 private:
  bool is_better(double metric) const;

  ReduceOnPlateau rule_;
  double value_;
  std::optional<double> best_;
  std::uint64_t bad_ = 0, cooldown_ = 0;  // epochs without improvement; left of a cooldown
};

}  // namespace descent::train
