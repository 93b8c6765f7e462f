// SPDX-License-Identifier: MIT
#include "train/plateau.h"

#include <algorithm>
#include <cmath>

namespace descent::train {

// As PyTorch, also where the best value is negative: its share is then added.
bool Plateau::is_better(double metric) const {
  if (!best_) return !std::isnan(metric);
  const bool higher = record::facts_of(rule_.metric).better == record::Better::higher;
  const double t = higher ? rule_.threshold : -rule_.threshold;
  const double limit = rule_.is_absolute ? *best_ + t : *best_ * (1 + t);
  return higher ? metric > limit : metric < limit;
}

void Plateau::note(double metric) {
  if (is_better(metric))
    best_ = metric, bad_ = 0;
  else
    ++bad_;
  if (cooldown_ > 0) --cooldown_, bad_ = 0;
  if (bad_ <= rule_.patience) return;
  const double reduced = std::max(value_ * rule_.factor, rule_.min_lr);
  if (value_ - reduced > rule_.eps) value_ = reduced;
  cooldown_ = rule_.cooldown;
  bad_ = 0;
}

}  // namespace descent::train
