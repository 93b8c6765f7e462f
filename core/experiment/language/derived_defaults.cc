// SPDX-License-Identifier: MIT
#include "experiment/language/derived_defaults.h"

#include <algorithm>
#include <cstdint>

#include "experiment/language/conflicts.h"
#include "experiment/schema/path.h"
#include "nn/spec.h"
#include "train/exact_optimizer.h"
#include "train/loss_fit.h"

namespace descent::experiment {

using nlohmann::json;

namespace {

void derive_inputs(json& c, const std::string& set) {
  if (!has(c, "data.synthetic." + set + ".count")) return;
  auto& held_out = c["data"]["synthetic"][set];
  if (held_out["count"] == 0)
    held_out.erase("x");
  else if (!held_out.contains("x") && has(c, "data.synthetic.x"))
    held_out["x"] = c["data"]["synthetic"]["x"];
}

// To begin with as many as give an error worth looking at, in whole blocks.
void derive_count(json& c) {
  auto& replicates = c["replicates"];
  if (!replicates.is_object() || replicates.contains("count")) return;
  constexpr std::uint64_t first_look = 20;
  std::uint64_t block = 1;
  for (const auto* key : {"seeds", "parts"})
    if (const auto& size = value_at(replicates, key); size.is_number()) block = size;
  replicates["count"] =
      has(replicates, "until") ? std::max(2 * block, (first_look + block - 1) / block * block) : 1;
  const auto& most = value_at(replicates, "max");
  if (most.is_number() && most < replicates["count"]) replicates["count"] = most;
}

void derive_stratify(json& c, const host::Catalog& catalog) {
  const auto is_split = [&](const char* path) {
    const auto& value = value_at(c, path);
    return value.is_number() && value > 0;
  };
  if (has(c, "data.csv.stratify") || !has(c, "data.csv") || has(c, "data.csv.truth") ||
      has(c, "data.csv.group") || has(c, "data.csv.time"))
    return;
  if (!is_split("data.csv.test.fraction") && !is_split("data.csv.validation.fraction") &&
      !is_split("data.csv.test.kfold"))
    return;
  const auto name = word(c, "loss.name");
  if (!catalog.contains(DESCENT_LOSS, name)) return;
  const auto& loss = catalog.get(DESCENT_LOSS, name);
  const auto hyperparameters = hyperparameter_values(value_at(c, "loss"), loss);
  if (hyperparameters && train::target_kind(loss, *hyperparameters, 1) == data::TargetKind::classes)
    c["data"]["csv"]["stratify"] = true;
}

void derive_prune(json& c) {
  if (!has(c, "prune.asha")) return;
  auto& asha = c["prune"]["asha"];
  if (asha.is_object() && !asha.contains("metric"))
    asha["metric"] = has_validation(c) ? "validation_loss" : "train_loss";
  if (const auto& per = value_at(c, "stages.select.per"); !per.is_null() && !asha.contains("per"))
    asha["per"] = per;
}

void derive_start(json& c) {
  auto& model = c["model"];
  if (!model.is_object() || model.contains("init")) return;
  model["init"] = {{"name", "torch"}};
  for (const auto& one : nn::surfaces())
    if (word(c, "data.surface.name") == one.name)
      model["init"] = {{"name", "point"}, {"point", one.start}};
}

// A value that stands for a map of one key resolves as it is written.
void collapse(json& map, const char* key, const char* only) {
  if (!map.contains(key) || !map[key].is_object()) return;
  const auto value = map[key];
  if (value.size() == 1 && value.contains(only)) map[key] = value[only];
}

void derive_record(json& c) {
  auto& record = c["record"];
  if (!record.is_object()) return;
  const auto twentieth = [](const json& count) { return (count.get<std::uint64_t>() + 19) / 20; };
  const auto &epochs = value_at(c, "train.epochs"), &steps = value_at(c, "train.steps");
  if (!record.contains("every") && steps.is_number())
    record["every"] = {{"epochs", steps}, {"steps", twentieth(steps)}};
  else if (!record.contains("every") && epochs.is_number())
    record["every"] = twentieth(epochs);
  else if (record.contains("every") && record["every"].is_object() &&
           !record["every"].contains("epochs"))
    record["every"]["epochs"] = epochs.is_number() ? json(twentieth(epochs)) : steps;
  collapse(record, "every", "epochs");
  collapse(record, "weights", "final");
}

void derive_plateau(json& c) {
  const auto& given = value_at(c, "train.schedule");
  if (given.is_null()) return;
  auto& schedules = c["train"]["schedule"];
  const auto derive_one = [&](json& one) {
    if (word(one, "name") != "reduce_on_plateau" || !one["reduce_on_plateau"].is_object()) return;
    auto& own = one["reduce_on_plateau"];
    if (!own.contains("metric"))
      own["metric"] = has_validation(c) ? "validation_loss" : "train_loss";
  };
  if (schedules.is_array())
    for (auto& one : schedules) derive_one(one);
  else
    derive_one(schedules);
}

// Whether one of these is a path, or a number above 0.
bool holds_out(const json& c, const std::vector<std::string>& paths) {
  return std::ranges::any_of(paths, [&](const std::string& path) {
    const auto& value = value_at(c, path);
    return value.is_string() || (value.is_number() && value > 0);
  });
}

}  // namespace

bool has_validation(const json& c) {
  return holds_out(c, {"data.synthetic.validation.count", "data.csv.validation.fraction",
                       "data.csv.validation.path"});
}

bool has_test(const json& c) {
  return holds_out(c, {"data.synthetic.test.count", "data.csv.test.fraction", "data.csv.test.path",
                       "data.csv.test.kfold"});
}

bool varies_split(const json& c) {
  const auto& vary = value_at(c, "replicates.vary");
  return vary.is_array() && std::ranges::count(vary, json("split")) > 0;
}

bool redraws(const json& c) {
  return has(c, "data.synthetic") ||
         (has(c, "data.csv.truth") && word(c, "data.csv.noise.name") != "none");
}

void derive(json& c, const host::Catalog& catalog) {
  derive_stratify(c, catalog);
  derive_start(c);
  derive_inputs(c, "test");
  derive_inputs(c, "validation");
  derive_count(c);
  derive_prune(c);
  auto& train = c["train"];
  if (word(c, "optimizer.name") == train::exact_optimizer.name && train.is_object() &&
      !train.contains("epochs") && !train.contains("steps"))
    train["epochs"] = 1;
  auto& replicates = c["replicates"];
  if (replicates.is_object() && !replicates.contains("resample"))
    replicates["resample"] = redraws(c) ? "fresh" : "none";
  derive_plateau(c);
  derive_record(c);
}

}  // namespace descent::experiment
