// SPDX-License-Identifier: MIT
// The hyperparameters of an optimizer that change during a run.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/optimizer.h"
#include "train/plateau.h"
#include "train/training.h"

namespace descent::train {

class Schedules {
 public:
  Schedules() = default;  // none
  // Those of the training, which has an optimizer. batches: of an epoch.
  Schedules(const Training& training, std::uint64_t batches);

  // Gives the optimizer the values of its next step, after so many; the epoch counts from 1. Throws
  // std::runtime_error where a value is out of the hyperparameter's range.
  template <class T>
  void apply(host::Optimizer<T>& optimizer, std::uint64_t epoch, std::uint64_t steps) {
    for (const auto& one : scheduled_)
      optimizer.set_hyperparameter(one.hyper, value_of(one, epoch, steps));
  }

  // Calls note(METRIC) for every schedule that follows a metric, which gives its value after the
  // epoch.
  template <class F>
  void note_epoch(const F& value_of_metric) {
    for (auto& one : scheduled_)
      if (one.plateau)
        one.plateau->note(value_of_metric(std::get<ReduceOnPlateau>(one.schedule.rule).metric));
  }

  double rate() const { return rate_; }  // the value of `lr`, 0: the optimizer has none

 private:
  struct ScheduledParameter {
    Schedule schedule;
    std::size_t hyper;
    double base;
    std::optional<Plateau> plateau;  // of a schedule that follows a metric
  };

  double value_of(const ScheduledParameter& one, std::uint64_t epoch, std::uint64_t steps);

  const host::UpdateRule* optimizer_ = nullptr;
  std::vector<ScheduledParameter> scheduled_;
  double rate_ = 0;
};

}  // namespace descent::train
