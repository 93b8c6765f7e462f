// SPDX-License-Identifier: MIT
#include "train/schedules.h"

#include <stdexcept>

namespace descent::train {

Schedules::Schedules(const Training& training, std::uint64_t batches)
    : optimizer_(&*training.optimizer()) {
  const auto& settings = training.settings();
  const auto epochs = settings.train.epochs;
  if (const int lr = optimizer_->hyperparameter_index("lr"); lr >= 0)
    rate_ = optimizer_->value(std::size_t(lr));
  for (const auto& one : settings.train.schedules) {
    const auto hyper = std::size_t(optimizer_->hyperparameter_index(one.hyper));
    const auto* plateau = std::get_if<ReduceOnPlateau>(&one.rule);
    scheduled_.push_back(
        {fitted(one, one.every_step ? total_steps(settings.train, batches) : epochs), hyper,
         optimizer_->value(hyper),
         plateau ? std::optional(Plateau(*plateau, optimizer_->value(hyper))) : std::nullopt});
  }
}

double Schedules::value_of(const ScheduledParameter& one, std::uint64_t epoch,
                           std::uint64_t steps) {
  const auto& [schedule, hyper, start, plateau] = one;
  const double base = plateau ? plateau->value() : start;
  const double value = value_at(schedule, base, schedule.every_step ? steps : epoch - 1);
  if (const auto wrong = optimizer_->objection(hyper, value); !wrong.empty())
    throw std::runtime_error("invalid schedule: " + wrong);
  if (schedule.hyper == "lr") rate_ = value;
  return value;
}

}  // namespace descent::train
