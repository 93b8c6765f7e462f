// SPDX-License-Identifier: MIT
// Keys of train.
#include "experiment/language/keys.h"
#include "experiment/language/ranges.h"
#include "train/exact_optimizer.h"

namespace descent::experiment {
namespace {

void describe(Fields& f, train::StopSettings& s) {
  f.optional(s.patience, "patience", count(), "epochs without an improvement; default: any number");
  f.optional(s.target, "target", number(), "value of the metric that is good enough");
  f(s.min_delta, "min_delta", number(0), "smallest change that counts as an improvement");
  f.words(s.metric, "metric", watched_metrics(), "metric that is checked every epoch")
      .schema.refused = refused_metrics();
  f(s.restore, "restore", flag(), "end with the weights of the best epoch");
}

}  // namespace

// Metrics of the training and the validation set: choices must not be made on the test set.
Words<record::Metric> watched_metrics() {
  Words<record::Metric> all;
  const auto& facts = record::metric_facts();
  for (const std::string_view set : {"validation_", "train_"})
    for (std::size_t i = 0; i < facts.size(); ++i)
      if (facts[i].name.starts_with(set))
        all.emplace_back(facts[i].name.c_str(), record::Metric(i));
  return all;
}

std::map<std::string, std::string> refused_metrics() {
  std::map<std::string, std::string> all;
  for (const auto& one : record::metric_facts())
    if (one.name.starts_with("test_")) all.emplace(one.name, chosen_on_test_set);
  return all;
}

void describe(Fields& f, train::TrainSettings& s) {
  auto& epochs = f(s.epochs, "epochs", count(), "passes over the training set");
  needed(epochs, "epochs: 100", {"optimizer", train::exact_optimizer.name, "train.steps"});
  f.optional(s.steps, "steps", count(), "steps, instead of epochs");
  f(s.batch, "batch", or_word(count(), "full"),
    "samples per step; full, or a number not below their count: all")
      .fallback = "full";
  f(s.replacement, "replacement", flag(),
    "true: draw the samples of an epoch with replacement; false: use each once");
  auto& schedules = f.choices(
      "schedule", "schedule",
      "how hyperparameters of the optimizer change during the run; one schedule or a list",
      [&](Fields& in) { describe(in, s.schedules.emplace_back()); });
  schedules.schema.least = 1;
  schedules.schema.bare = true;
  f.optional(s.clip_norm, "clip_norm", above(0),
             "largest norm of the gradient; larger gradients are scaled down");
  f.optional(s.clip_value, "clip_value", above(0),
             "largest absolute value of an element of the gradient");
  f.optional(s.ema, "ema", share_below_one(),
             "evaluate a moving average of the weights; each step keeps this fraction of it");
  f.map("train.stop", "patience", "end a run that no longer improves",
        [&](Fields& in) { describe(in, s.stop.emplace()); });
  f.optional(s.timeout_seconds, "timeout", of_kind(Schema::Kind::duration),
             "time limit of one run, such as 30s");
  f.optional(s.memory_bytes, "memory", of_kind(Schema::Kind::memory),
             "memory limit of a worker process, such as 2GB");
}

}  // namespace descent::experiment
