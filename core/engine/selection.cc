// SPDX-License-Identifier: MIT
#include "engine/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "experiment/schema/path.h"
#include "record/metric.h"
#include "statistics/summary.h"
#include "store/schema.h"
#include "store/stored_points.h"

namespace descent::engine {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Less is better; a failure is infinite.
double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  const auto n = values.size();
  const double a = values[(n - 1) / 2], b = values[n / 2];
  return a == b ? a : (a + b) / 2;
}

double by_rule(const std::string& rule, const std::vector<double>& values) {
  if (values.empty() || (rule != "median" && std::ranges::count(values, infinity) > 0))
    return infinity;
  if (rule == "median") return median_of(values);
  if (rule == "worst") return *std::ranges::max_element(values);
  const auto summary = statistics::summarize(values);
  return rule == "upper" ? summary.mean + summary.se : summary.mean;
}

std::string ordinal(std::size_t n) {
  const auto* ending = n % 100 / 10 == 1 ? "th"
                       : n % 10 == 1     ? "st"
                       : n % 10 == 2     ? "nd"
                       : n % 10 == 3     ? "rd"
                                         : "th";
  return fmt::format("{}{}", n, ending);
}

// A candidate's row before it is compared with others; badness orders them.
struct Judged {
  store::SelectionRow row;
  double badness = infinity;
};

Judged judge(const experiment::SelectSettings& settings, const Candidate& candidate) {
  const auto metric = record::find_metric(settings.metric);
  const bool is_higher_better =
      metric && record::facts_of(*metric).better == record::Better::higher;
  const double sign = is_higher_better ? -1 : 1;
  Judged judged;
  auto& row = judged.row;
  row.point_id = candidate.point_id;
  row.per = candidate.per;
  std::vector<double> values;
  for (const double value : candidate.values) {
    if (std::isfinite(value))
      values.push_back(sign * value);
    else if (settings.failures == "worst")
      values.push_back(infinity);
    row.failed += !std::isfinite(value);
  }
  row.runs = values.size();
  // Its runs that ended before are the quick ones: no fair sample.
  if (candidate.pruned > 0) {
    row.reason = fmt::format("{} of {} runs are pruned", candidate.pruned, candidate.values.size());
    return judged;
  }
  const auto failed =
      fmt::format("{} of {} runs are not done", row.failed, candidate.values.size());
  if (settings.failures == "exclude" && row.failed > 0) {
    row.reason = failed;
    return judged;
  }
  judged.badness = by_rule(settings.rule, values);
  if (std::isfinite(judged.badness))
    row.value = sign * judged.badness;
  else
    row.reason = values.size() == 1 && row.failed > 0 && settings.rule == "upper"
                     ? failed + ", and of one run there is no standard error"
                     : failed;
  return judged;
}

// The candidates of one group that can win, best first.
void rank(const experiment::SelectSettings& settings, std::vector<Judged*> group) {
  std::ranges::stable_sort(group, {}, [](const Judged* one) { return one->badness; });
  for (std::size_t i = 0; i < group.size(); ++i) {
    auto& row = group[i]->row;
    const auto same =
        std::equal_range(group.begin(), group.end(), group[i],
                         [](const Judged* a, const Judged* b) { return a->badness < b->badness; });
    const auto equal = same.second - same.first;
    row.rank = i + 1;
    row.chosen = i < settings.top;
    row.tied = equal > 1;
    row.reason = fmt::format("{} of {} by {} {}", ordinal(i + 1), group.size(), settings.rule,
                             settings.metric);
    if (row.failed > 0 && settings.failures == "done")
      row.reason +=
          fmt::format(", over the {} of {} runs that are done", row.runs, row.runs + row.failed);
    if (row.tied)
      row.reason += fmt::format("; {} points tie, and the first in the file are taken", equal);
  }
}

std::string text_of(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void add_runs(store::Reader& reader, const PlannedPoint& planned, const std::string& metric,
              Candidate& candidate) {
  const auto first = candidate.point_id * store::runs_per_point + std::int64_t(planned.first);
  auto rows = reader.query(fmt::format(
      "SELECT CASE WHEN status = 'done' THEN {} END, status = 'pruned' FROM runs "
      "WHERE run_id BETWEEN {} AND {} ORDER BY run_id",
      store::value_of_run(metric), first, first + std::int64_t(planned.replicates) - 1));
  for (std::vector<store::Value> row; rows.next(row);) {
    const auto* value = std::get_if<double>(&row[0]);
    candidate.values.push_back(value ? *value : not_recorded);
    candidate.pruned += std::uint64_t(std::get<std::int64_t>(row[1]));
  }
}

Selection selection_of(const experiment::Experiment& experiment,
                       const std::vector<Candidate>& candidates) {
  const auto& settings = experiment.stages()->select;
  Selection selection;
  selection.record = {experiment.name(), settings.metric, settings.rule, settings.failures,
                      choose(settings, candidates)};
  std::map<std::string, std::string> without;  // the first reason of each group
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& row = selection.record.rows[i];
    without.emplace(row.per, row.reason);
    if (row.chosen) selection.chosen.push_back(candidates[i].position);
  }
  for (const auto& row : selection.record.rows)
    if (row.chosen) without.erase(row.per);
  for (const auto& [group, reason] : without)
    selection.without_any.push_back(fmt::format("{}: no point{}{} can be chosen; of the first, {}",
                                                experiment.name(), group.empty() ? "" : " of ",
                                                group, reason));
  return selection;
}

}  // namespace

std::string group_of(const experiment::Experiment& experiment, const std::vector<std::string>& per,
                     std::uint64_t index) {
  if (per.empty()) return "";
  const auto values = experiment::flatten(experiment.point(index).configuration);
  std::string group;
  for (const auto& path : per)
    for (const auto& [key, value] : values)
      if (key == path)
        group += fmt::format("{}{}={}", group.empty() ? "" : ", ", path, text_of(value));
  return group;
}

std::vector<store::SelectionRow> choose(const experiment::SelectSettings& settings,
                                        const std::vector<Candidate>& candidates) {
  std::vector<Judged> judged;
  for (const auto& candidate : candidates) judged.push_back(judge(settings, candidate));
  std::map<std::string, std::vector<Judged*>> groups;
  for (auto& one : judged)
    if (std::isfinite(one.badness)) groups[one.row.per].push_back(&one);
  for (const auto& [name, group] : groups) rank(settings, group);
  std::vector<store::SelectionRow> rows;
  for (auto& one : judged) rows.push_back(std::move(one.row));
  return rows;
}

std::vector<Selection> select(const Plan& plan, const std::vector<std::int64_t>& point_ids,
                              store::Reader& reader) {
  std::vector<Selection> all;
  std::uint64_t position = 0;
  for (std::size_t e = 0; e < plan.experiments().size(); ++e) {
    const auto& experiment = plan.experiments()[e];
    const auto first = position;
    position += experiment.size();
    if (!experiment.stages()) continue;
    std::vector<Candidate> candidates;
    for (auto i = first; i < position; ++i) {
      candidates.push_back({i - first,
                            point_ids[i],
                            group_of(experiment, experiment.stages()->select.per, i - first),
                            {}});
      add_runs(reader, plan.planned(i), experiment.stages()->select.metric, candidates.back());
    }
    all.push_back(selection_of(experiment, candidates));
    all.back().experiment = e;
  }
  return all;
}

std::uint64_t rerun_points(const experiment::Experiment& experiment) {
  const auto& select = experiment.stages()->select;
  if (select.per.empty()) return std::min(select.top, experiment.size());
  std::map<std::string, std::uint64_t> sizes;
  for (std::uint64_t i = 0; i < experiment.size(); ++i)
    ++sizes[group_of(experiment, select.per, i)];
  return std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0},
                         [&](std::uint64_t sum, const auto& group) {
                           return sum + std::min(select.top, group.second);
                         });
}

}  // namespace descent::engine
