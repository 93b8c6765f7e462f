// SPDX-License-Identifier: MIT
// Keys of stages and prune.
#include "experiment/language/keys.h"
#include "experiment/language/ranges.h"

namespace descent::experiment {
namespace {

// What the tuning of a grid says instead of the rest of the file (stage_trees.h).
void tuning(Fields& f) {
  std::uint64_t unread = 0;
  f.optional(unread, "replicates", whole(1, train::max_replicates),
             "trainings of each point; default: as the file says");
  f.optional(unread, "seed", whole_from(0), "seed while tuning");
  f.optional(unread, "epochs", count(), "epochs while tuning, instead of train.epochs");
}

void describe(Fields& f, SelectSettings& s) {
  f(s.metric, "metric", text(), "validation_loss, validation_accuracy or train_loss");
  f(s.rule, "rule", word({"mean", "median", "worst", "upper"}),
    "summary of a point's runs; upper: one standard error worse than the mean");
  f.optional(s.per, "per", one_or_list(text()),
             "swept paths: the best for each combination of their values");
  f(s.failures, "failures", word({"exclude", "worst", "done"}),
    "runs that are not done exclude the point, count as infinitely bad, or are ignored");
  std::string ties = "first";
  f(ties, "ties", word({ties}), "of equal points the first in the file");
  f(s.top, "top", count(), "number of points per group");
}

}  // namespace

void describe(Fields& f, train::Prune& s) {
  f.kind(s, "asha", {}, "successive halving", [&](Fields& in) {
    in.required(s.min_epochs, "min_epochs", count(), "epochs to the first rung", "min_epochs: 10");
    in(s.reduction, "reduction", whole_from(2),
       "one point in this many continues; also the factor between the epochs of two rungs");
    auto& metric = in.words(
        s.metric, "metric", watched_metrics(),
        "metric that ranks the points by its mean over replicates; default: validation_loss "
        "if there is a "
        "validation set");
    metric.fallback = nullptr;
    metric.schema.refused = refused_metrics();
    in.optional(s.per, "per", one_or_list(text()),
                "swept paths: points compete only with points of the same values; default: "
                "stages.select.per");
  });
}

void describe(Fields& f, Stages& s) {
  f.map("stages.tune", "replicates", "how the grid is trained for the selection", tuning);
  section(f.map("stages.select", "", "how the best points are selected",
                [&](Fields& in) { describe(in, s.select); }));
  const auto rerun = [&](Fields& in) {
    in.required(s.replicates, "replicates", whole(1, train::max_replicates),
                "new replicates of each selected point", "replicates: 100");
  };
  needed(f.map("stages.rerun", "replicates", "how the chosen points are trained", rerun),
         "rerun: {replicates: 100}");
}

}  // namespace descent::experiment
