// SPDX-License-Identifier: MIT
// Records points of the curve of a run after an epoch, and its last values.
#pragma once

#include <cstdint>

#include "host/loss.h"
#include "record/run.h"
#include "train/model_pass.h"
#include "train/training.h"

namespace descent::train {

// A set of samples: the metrics of its loss and accuracy, and where their last values are kept.
struct MeasuredSet {
  record::Set set;
  record::Metric loss, accuracy;
  double record::Run::*last_loss, record::Run::*last_accuracy;
};
inline constexpr MeasuredSet training_set{record::Set::train, record::Metric::train_loss,
                                          record::Metric::train_accuracy, &record::Run::train_loss,
                                          &record::Run::train_accuracy};
inline constexpr MeasuredSet validation_set{
    record::Set::validation, record::Metric::validation_loss, record::Metric::validation_accuracy,
    &record::Run::validation_loss, &record::Run::validation_accuracy};
inline constexpr MeasuredSet test_set{record::Set::test, record::Metric::test_loss,
                                      record::Metric::test_accuracy, &record::Run::test_loss,
                                      &record::Run::test_accuracy};

class CurveRecorder {
 public:
  CurveRecorder(record::Run& run, std::uint64_t epoch) : run_(run), epoch_(epoch) {}

  void note(record::Metric metric, double value, double record::Run::*last = nullptr);

  // The loss, of a classifier the accuracy, and the measures that the training records, of a pass
  // over the set. loss: nullptr of a surface.
  template <class T>
  void measure(ModelPass<T>& pass, host::Loss<T>* loss, const Training& training,
               const MeasuredSet& set);

 private:
  template <class T>
  void note_confusion(ModelPass<T>& pass, const Training& training, record::Set set);

  record::Run& run_;
  std::uint64_t epoch_;
};

}  // namespace descent::train
