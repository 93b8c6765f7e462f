// SPDX-License-Identifier: MIT
// Records points of the curve of a run after an epoch, and its last values.
#pragma once

#include <cstdint>

#include "host/loss.h"
#include "record/run.h"
#include "train/model_pass.h"
#include "train/training.h"

namespace descent {

// A set of samples: the metrics of its loss and accuracy, and where their last values are kept.
struct MeasuredSet {
  Metric loss, accuracy;
  double Run::*last_loss, Run::*last_accuracy;
};
inline constexpr MeasuredSet training_set{Metric::train_loss, Metric::train_accuracy,
                                          &Run::train_loss, &Run::train_accuracy};
inline constexpr MeasuredSet validation_set{Metric::validation_loss, Metric::validation_accuracy,
                                            &Run::validation_loss, &Run::validation_accuracy};
inline constexpr MeasuredSet test_set{Metric::test_loss, Metric::test_accuracy, &Run::test_loss,
                                      &Run::test_accuracy};

class CurveRecorder {
 public:
  CurveRecorder(Run& run, std::uint64_t epoch) : run_(run), epoch_(epoch) {}

  void note(Metric metric, double value, double Run::*last = nullptr);

  // The loss, and of a classifier the accuracy, of a pass over the set. loss: nullptr of a surface.
  template <class T>
  void measure(ModelPass<T>& pass, Loss<T>* loss, const Training& training, const MeasuredSet& set);

 private:
  Run& run_;
  std::uint64_t epoch_;
};

}  // namespace descent
