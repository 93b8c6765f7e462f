// SPDX-License-Identifier: MIT
#include "train/early_stopping.h"

#include <fmt/format.h>

#include <cmath>

namespace descent::train {
namespace {

double sign_of(record::Metric metric) {
  return record::facts_of(metric).better == record::Better::higher ? -1 : 1;
}

}  // namespace

bool EarlyStopping::note(std::uint64_t epoch, double value) {
  epoch_ = epoch, value_ = value;
  const double sign = sign_of(settings_.metric);
  const bool is_better = sign * value + settings_.min_delta < sign * best_ ||
                         (best_epoch_ == 0 && std::isfinite(value));
  if (is_better) best_ = value, best_epoch_ = epoch;
  return is_better;
}

std::string EarlyStopping::reason() const {
  const double sign = sign_of(settings_.metric);
  const auto metric = metric_name(settings_.metric);
  if (settings_.target && sign * value_ <= sign * *settings_.target)
    return fmt::format("stopped at epoch {}: {} is {:.6g}, and the target was {}", epoch_, metric,
                       value_, *settings_.target);
  if (settings_.patience == 0 || epoch_ - best_epoch_ < settings_.patience) return "";
  const auto best =
      best_epoch_ == 0 ? "" : fmt::format("; the best was {:.6g} at epoch {}", best_, best_epoch_);
  return fmt::format("stopped at epoch {}: {} has not improved by more than {} for {} epochs{}",
                     epoch_, metric, settings_.min_delta, settings_.patience, best);
}

}  // namespace descent::train
