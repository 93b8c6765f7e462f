// SPDX-License-Identifier: MIT
// Rules of metrics: by which a run stops, points are pruned or selected, and what is decomposed.
#include <fmt/format.h>

#include <algorithm>

#include "base/suggestion.h"
#include "experiment/language/derived_defaults.h"
#include "experiment/language/keys.h"
#include "experiment/language/rule_context.h"
#include "experiment/schema/path.h"
#include "record/metric.h"
#include "train/measures.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

std::string how_to_validate(const json& c) {
  if (has(c, "data.surface")) return "a surface has metric: train_loss alone";
  return fmt::format("give {}, or metric: train_loss", has(c, "data.csv")
                                                           ? "data.csv.validation: 0.2"
                                                           : "data.synthetic.validation: 200");
}

class MetricRules : RuleContext {
 public:
  explicit MetricRules(const RuleContext& context) : RuleContext(context) {}

  void all() {
    prune();
    stop();
    plateaus();
    decomposed();
    chosen_by("stages.select.metric");
  }

 private:
  void prune() {
    const std::string path = "prune.asha.metric";
    const auto metric = word(c_, path);
    if (metric.starts_with("validation_") && !has_validation(c_))
      return problem(path, fmt::format("{} is {}, and there is no validation set; give data one, "
                                       "or metric: train_loss",
                                       path, metric));
    if (metric.empty()) return;
    const auto known = problems_.size();
    watches(path, metric);
    if (problems_.size() == known) unrecorded(path, metric);
  }

  // Of a measure that the runs would not record.
  bool unrecorded(const std::string& path, const std::string& metric) {
    const auto known = record::find_metric(metric);
    if (!known || !record::is_measure(*known) || is_recorded(*known)) return false;
    problem(path, fmt::format("{}: {} is not recorded; add `record: {{metrics: [{}]}}`", path,
                              metric, metric));
    return true;
  }

  // Where the metric is watched that a file chooses by.
  void stop() {
    watches("train.stop", word(c_, "train.stop.metric"));
    const auto& given = value_at(c_, "train.stop");  // also with a problem
    if (given.is_object() && !given.contains("patience") && !given.contains("target"))
      problem("train.stop",
              "train.stop needs patience or target, as in `stop: {patience: 10}`: without them it "
              "never ends a run");
  }

  void plateaus() {
    const auto& given = value_at(c_, "train.schedule");
    const auto plateau = [&](const json& one, const std::string& path) {
      watches(path + ".reduce_on_plateau", word(one, "reduce_on_plateau.metric"));
    };
    if (!given.is_array()) return plateau(given, "train.schedule");
    for (std::size_t i = 0; i < given.size(); ++i)
      plateau(given[i], fmt::format("train.schedule.{}", i));
  }

  // A metric of the training or the validation set.
  void watches(const std::string& path, const std::string& metric) {
    if (metric.starts_with("validation_") && !has_validation(c_))
      return problem(path, fmt::format("{} watches {}, and nothing is held out for it; {}", path,
                                       metric, how_to_validate(c_)));
    if (has(c_, "data.surface") && !metric.empty() && metric != "train_loss")
      return problem(path, fmt::format("{} watches {}; {}", path, metric, how_to_validate(c_)));
    const auto known = record::find_metric(metric);
    const auto* loss = plugin(value_at(c_, "loss"), DESCENT_LOSS);
    if (!known || !loss || !loss_kind_ || metric.ends_with("_loss")) return;
    const auto estimated = train::estimated((*loss)->prediction, *loss_kind_);
    const auto* measure =
        record::is_measure(*known) ? &record::facts_of(record::measure_of(*known)) : nullptr;
    if (measure ? train::suits(*measure, estimated) : train::has_accuracy(estimated)) return;
    problem(path, fmt::format("{} watches {}, which loss '{}' does not give: it is a measure of "
                              "{}",
                              path, metric, word(c_, "loss.name"),
                              !measure || measure->is_of_classes ? "classes" : "numbers"));
  }

  // What a selection reads has to be stored.
  bool is_recorded(record::Metric metric) const {
    const std::string measure(record::facts_of(record::measure_of(metric)).name);
    const auto& given = value_at(c_, "record.metrics");
    auto names = given.is_array() ? given.get<std::vector<std::string>>()
                 : given.is_string()
                     ? std::vector<std::string>{given.get<std::string>()}
                     : std::vector<std::string>{"mae", "r2", "balanced_accuracy", "f1"};
    // Without a set, a name means the sets that training does not see, if there are any.
    const bool on_training = record::metric_name(metric).starts_with("train_");
    const bool is_meant = on_training != (has_validation(c_) || has_test(c_));
    return (is_meant && std::ranges::count(names, measure) > 0) ||
           std::ranges::count(names, record::metric_name(metric)) > 0;
  }

  void chosen_by(const std::string& path) {
    const auto metric = word(c_, path);
    if (metric.empty()) return;
    std::vector<std::string> valid{"validation_loss", "validation_accuracy", "train_loss"};
    for (auto i = std::size_t(record::Metric::measures); i < record::metric_facts().size(); ++i)
      if (const auto& name = record::metric_facts()[i].name; !name.starts_with("test_"))
        valid.push_back(name);
    if (metric.starts_with("test_"))
      return problem(path, fmt::format("{}: {} {}", path, metric, chosen_on_test_set));
    if (std::ranges::count(valid, metric) == 0)
      return problem(path, fmt::format("{}: '{}' is not known{}", path, metric,
                                       did_you_mean(metric, valid, "metric")));
    if (unrecorded(path, metric)) return;
    if (metric.starts_with("validation_") && !has_validation(c_))
      return problem(path, fmt::format("{}: {} needs a validation set; {}", path, metric,
                                       how_to_validate(c_)));
    const auto* loss = plugin(value_at(c_, "loss"), DESCENT_LOSS);
    if (metric == "validation_accuracy" && loss && loss_kind_ &&
        !train::has_accuracy(train::estimated((*loss)->prediction, *loss_kind_)))
      problem(path,
              fmt::format("{}: loss '{}' does not predict classes, so there is no accuracy; use "
                          "validation_loss",
                          path, word(c_, "loss.name")));
  }

  void decomposed() {
    const auto& metrics = value_at(c_, "record.decompose");
    if (metrics.is_array() && metrics.size() > 1 && std::ranges::count(metrics, "none") > 0)
      problem("record.decompose",
              "record.decompose: none cannot be combined with metrics; leave it or "
              "the others out");
    for (std::size_t i = 0; metrics.is_array() && i < metrics.size(); ++i)
      if (std::find(metrics.begin(), metrics.begin() + long(i), metrics[i]) !=
          metrics.begin() + long(i))
        problem(
            fmt::format("record.decompose.{}", i),
            fmt::format("record.decompose: '{}' is given twice", metrics[i].get<std::string>()));
  }
};

}  // namespace

void check_metrics(const RuleContext& context) { MetricRules(context).all(); }

}  // namespace descent::experiment
