// SPDX-License-Identifier: MIT
// The stages of an experiment: what tuning measured, what it chose, and what fresh replicates of
// the choice gave.
#include <fmt/format.h>

#include <algorithm>

#include "base/quotes.h"
#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

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

Picture promise_and_result(store::Reader& reader, const Experiment& e, const std::string& metric,
                           const Names& names) {
  Picture p;
  p.title = "Tuning";
  p.view = "the choice on fresh replicates";
  p.mark = "rows";
  p.x.label = words_of(metric);
  p.shared = true;
  p.names = names;
  p.sql = fmt::format(
      "SELECT s.per AS label, s.value AS \"chosen by\",\n"
      "       avg(r.validation_loss) AS \"fresh validation\",\n"
      "       ci_low(r.validation_loss) AS \"fresh validation_lo\",\n"
      "       ci_high(r.validation_loss) AS \"fresh validation_hi\",\n"
      "       avg(r.test_loss) AS \"fresh test\", ci_low(r.test_loss) AS \"fresh test_lo\",\n"
      "       ci_high(r.test_loss) AS \"fresh test_hi\",\n"
      "       sum(r.status = 'done') AS done, count(*) AS runs\n"
      "FROM selections s JOIN runs r ON r.point_id = s.rerun_point_id\n"
      "WHERE s.experiment_id = {} AND s.chosen\nGROUP BY s.per ORDER BY 6",
      e.id);
  p.note =
      "Means with 95 % intervals. The best of several points looks better than it is: compare the "
      "first panel with the second.";
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
