// SPDX-License-Identifier: MIT
// The stages of an experiment: what tuning measured, what it chose, and what fresh replicates of
// the choice gave.
#include <fmt/format.h>

#include <algorithm>

#include "base/quotes.h"
#include "record/metric.h"
#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"
#include "store/stored_points.h"

namespace descent::report {
namespace {

// "data.noise=0.1" is "noise 0.1", "train.lr=1.0" is "lr 1", "optimizer=sgd" is "sgd".
std::string setting_text(const std::string& setting) {
  const auto equals = setting.find('=');
  if (equals == setting.npos) return setting;
  const auto path = setting.substr(0, equals);
  auto value = setting.substr(equals + 1);
  if (value.ends_with(".0")) value.erase(value.size() - 2);
  if (path == "optimizer") return value;
  return path.substr(path.rfind('.') + 1) + " " + value;
}

// The settings that a group shares, one after the other.
std::string group_text(const std::string& per) {
  std::vector<std::string> settings;
  for (std::size_t from = 0; from < per.size();) {
    const auto comma = std::min(per.find(", ", from), per.size());
    settings.push_back(setting_text(per.substr(from, comma - from)));
    from = comma + 2;
  }
  return settings.empty() ? "all points" : list_text(settings, ", ");
}

Names group_names(store::Reader& reader, const Experiment& e) {
  Names names;
  for (const auto& per :
       texts(reader, "SELECT DISTINCT per FROM selections WHERE experiment_id = ?", {e.id}))
    names[per] = group_text(per);
  return names;
}

Picture tuning(store::Reader& reader, const Experiment& e, const std::string& metric,
               const Names& names) {
  Picture p;
  const auto x = e.axes.numbers.front();
  p.title = "Tuning";
  p.view = fmt::format("{} over {}", words_of(metric), e.path_name(x));
  p.mark = "line";
  p.x.label = e.path_name(x);
  p.y.label = words_of(metric) + " while tuning";
  p.names = names;
  p.ring = "";
  p.sql = fmt::format(
      "SELECT v.{} AS x, s.per AS series, s.value AS {}, s.chosen AS best, s.reason AS note,\n"
      "       s.runs - s.failed AS done, s.runs\n"
      "FROM selections s JOIN {} v USING (point_id)\nWHERE s.experiment_id = {}\n"
      "ORDER BY s.per, x",
      sql_name(e.grid.paths()[x].path), sql_name(metric), sql_name(e.view), e.id);
  p.note = "The ring is the point that was chosen and trained again on fresh replicates.";
  return with_rows(reader, p);
}

// "validation_f1" is the f1 of the validation set.
struct MetricOfSet {
  std::string set, measure;
};

MetricOfSet parts_of(const std::string& metric) {
  for (const std::string set : {"train", "validation", "test"})
    if (metric.starts_with(set + "_")) return {set, metric.substr(set.size() + 1)};
  return {"", metric};
}

// Mean and interval over the rerun's runs.
std::string fresh_columns(const std::string& name, const std::string& metric) {
  return fmt::format(
      ",\n       avg({1}) AS \"{0}\", ci_low({1}) AS \"{0}_lo\", ci_high({1}) AS \"{0}_hi\"", name,
      store::value_of_run(metric));
}

Picture promise_and_result(store::Reader& reader, const Experiment& e, const std::string& metric,
                           const Names& names) {
  const auto [set, measure] = parts_of(metric);
  const std::string in_words = set == "train" ? "training" : set;
  Picture p;
  p.title = "Tuning";
  p.view = "the choice on fresh replicates";
  p.mark = "rows";
  p.x.label = words_of(measure);
  p.shared = true;
  p.names = names;
  auto fresh = fresh_columns(set.empty() ? "fresh" : "fresh " + in_words, metric);
  if (const auto on_test = "test_" + measure; set != "test" && record::find_metric(on_test))
    fresh += fresh_columns("fresh test", on_test);
  p.sql = fmt::format(
      "SELECT s.per AS label, s.value AS \"chosen by\"{},\n"
      "       sum(status = 'done') AS done, count(*) AS runs\n"
      "FROM selections s JOIN runs ON runs.point_id = s.rerun_point_id\n"
      "WHERE s.experiment_id = {} AND s.chosen\nGROUP BY s.per ORDER BY 3",
      fresh, e.id);
  p.note = fmt::format(
      "Means with 95 % intervals. The best of several points looks better than it is: compare the "
      "first panel, the {} that each was chosen by, with the second.",
      words_of(metric));
  return with_rows(reader, p);
}

}  // namespace

Figure stages(store::Reader& reader, const Experiment& e) {
  if (!e.has_selections) return {};
  const auto names = group_names(reader, e);
  const auto metric =
      texts(reader, "SELECT metric FROM selections WHERE experiment_id = ? LIMIT 1", {e.id}).at(0);
  Figure figure;
  if (!e.axes.numbers.empty()) figure.push_back(tuning(reader, e, metric, names));
  figure.push_back(promise_and_result(reader, e, metric, names));
  return figure;
}

}  // namespace descent::report
