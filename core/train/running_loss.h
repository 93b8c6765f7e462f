// SPDX-License-Identifier: MIT
// The loss of an epoch from those of its batches. With fixed weights it is the loss of the training
// set, however the set is cut into batches.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/loss.h"
#include "train/settings.h"

namespace descent::train {

// What each sample adds to the number that a mean divides by. Empty: 1 each. A loss over classes
// that divides by the sum of their weights (DESCENT_WEIGHTED_MEAN) has the class's weight times the
// sample's, and 0 for a class that it ignores. outputs: of the model.
template <class T>
std::vector<double> divisors(host::Loss<T>& loss, const host::Targets<T>& targets,
                             arma::uword outputs);

class RunningLoss {
 public:
  RunningLoss(Reduction reduction, const std::vector<double>& divisors)
      : is_sum_(reduction == Reduction::sum), divisors_(divisors) {}

  void add(double loss, std::span<const std::uint64_t> samples);  // of a batch
  double value() const { return is_sum_ || divisor_ == 0 ? sum_ : sum_ / divisor_; }

 private:
  bool is_sum_;
  const std::vector<double>& divisors_;
  double sum_ = 0, divisor_ = 0;
};

}  // namespace descent::train
