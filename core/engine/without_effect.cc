// SPDX-License-Identifier: MIT
#include "engine/without_effect.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/target_kind.h"

namespace descent::engine {
namespace {

using Found = std::vector<std::pair<std::string, std::string>>;

// Looks at a thousand periods, the last one among them: those at which rules act are not single
// ones.
bool changes(const train::Schedule& schedule, std::uint64_t periods) {
  const auto fitted = train::fitted(schedule, periods);
  const auto last = periods - 1, step = std::max<std::uint64_t>(1, last / 1000);
  for (std::uint64_t t = 0; t < last; t += step)
    if (train::value_at(fitted, 1, t) != 1) return true;
  return train::value_at(fitted, 1, last) != 1;
}

void add_schedules(const train::TrainSettings& settings, Found& found) {
  for (const auto& one : settings.schedules) {
    const auto periods = one.every_step ? settings.steps : settings.epochs;
    const auto what = fmt::format("{} {}", periods, one.every_step ? "steps" : "epochs");
    if (const auto* plateau = std::get_if<train::ReduceOnPlateau>(&one.rule)) {
      if (plateau->patience >= settings.epochs)
        found.emplace_back("train.schedule",
                           fmt::format("reduce_on_plateau has no effect: runs end after {} epochs, "
                                       "within its patience of {}",
                                       settings.epochs, plateau->patience));
      continue;
    }
    if (one.warmup >= periods && periods > 1) {
      found.emplace_back("train.schedule",
                         fmt::format("train.schedule: the warmup of {} lasts longer than a run of "
                                     "{}, so the rule has no effect",
                                     one.warmup, what));
      continue;
    }
    const bool is_constant = std::holds_alternative<train::ConstantRule>(one.rule);
    if (is_constant || periods < 2 || changes(one, periods)) continue;
    found.emplace_back(
        "train.schedule",
        fmt::format("train.schedule has no effect: {} stays the same in all {} of a run", one.hyper,
                    what));
  }
}

void add_stop(const train::TrainSettings& settings, Found& found) {
  if (!settings.stop) return;
  const auto& stop = *settings.stop;
  if (stop.patience >= settings.epochs)
    found.emplace_back(
        "train.stop.patience",
        fmt::format("train.stop.patience = {} has no effect: runs end after {} epochs",
                    stop.patience, settings.epochs));
  if (stop.min_delta > 0 && stop.patience == 0 && !stop.restore)
    found.emplace_back("train.stop.min_delta",
                       "train.stop.min_delta has no effect without patience: runs end with the "
                       "target alone");
}

void add_splits(const data::CsvSpec& csv, data::TargetKind kind, Found& found) {
  const bool splits = csv.test_fraction > 0 || csv.test_folds > 0 || csv.validation_fraction > 0;
  const auto add = [&](const char* key, const std::string& why) {
    found.emplace_back(key, fmt::format("{} has no effect: {}", key, why));
  };
  for (const auto& [key, column] :
       {std::pair{"data.csv.group", &csv.group}, std::pair{"data.csv.time", &csv.time}})
    if (!column->empty() && !splits)
      add(key, "no split is made; give data.csv.test or data.csv.validation as a fraction");
  if (!csv.stratify) return;
  if (!splits)
    add("data.csv.stratify", "no split is made");
  else if (kind != data::TargetKind::classes)
    add("data.csv.stratify", fmt::format("it keeps the shares of classes, and the targets of this "
                                         "loss are {}",
                                         data::noun(kind)));
  else if (!csv.time.empty())
    add("data.csv.stratify", "with data.csv.time the last rows are held out, whatever their class");
}

}  // namespace

Found settings_without_effect(const train::Settings& settings, data::TargetKind kind) {
  Found found;
  add_schedules(settings.train, found);
  add_stop(settings.train, found);
  if (const auto* csv = std::get_if<data::CsvSpec>(&settings.data)) add_splits(*csv, kind, found);
  return found;
}

}  // namespace descent::engine
