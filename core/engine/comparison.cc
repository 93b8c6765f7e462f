// SPDX-License-Identifier: MIT
#include "engine/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"
#include "base/suggestion.h"
#include "engine/baseline.h"
#include "engine/confirmation.h"
#include "record/metric.h"
#include "record/task.h"
#include "statistics/multiplicity.h"
#include "statistics/summary.h"

namespace descent::engine {
namespace {

// Of its gradient as well. The log loss of classes is the same whatever the loss.
bool has_unit_of_loss(const std::string& metric) {
  const auto known = record::find_metric(metric);
  const bool is_measure = known && record::is_measure(*known);
  return (metric.ends_with("_loss") && !is_measure) || metric == "gradient_norm";
}

enum class Wanted { less, more, neither };

Wanted wanted(const std::string& metric) {
  if (is_of_decomposition(metric)) return Wanted::less;
  const auto known = record::find_metric(metric);
  if (!known) return Wanted::neither;
  const auto better = record::facts_of(*known).better;
  return better == record::Better::lower    ? Wanted::less
         : better == record::Better::higher ? Wanted::more
                                            : Wanted::neither;
}

std::string value_in(const store::StoredPoint& point, const std::string& path) {
  const auto found = point.parameters.find(path);
  return found == point.parameters.end() ? "not set" : store::text_of(found->second);
}

// The first setting, by path, in which two points differ and of which is_meant; "" when there is
// none.
template <class F>
std::string first_difference(const store::StoredPoint& a, const store::StoredPoint& b, F is_meant) {
  std::set<std::string> paths;
  for (const auto* point : {&a, &b})
    for (const auto& [path, value] : point->parameters)
      if (is_meant(path)) paths.insert(path);
  for (const auto& path : paths)
    if (value_in(a, path) != value_in(b, path)) return path;
  return "";
}

// Why a metric of two points must not be compared; "" when it may.
std::string why_not(const store::StoredPoint& a, const store::StoredPoint& b,
                    const std::string& metric) {
  const auto because = [&](const std::string& path, const char* why) {
    return fmt::format("{} is {}, of the baseline {}: {}", path, value_in(a, path),
                       value_in(b, path), why);
  };
  if (const auto path = first_difference(a, b, record::decides_the_draws); !path.empty())
    return because(
        path,
        "results of other draws, another resampling scheme or another test set are never "
        "compared");
  if (has_unit_of_loss(metric))
    if (const auto path = first_difference(a, b, record::decides_the_unit); !path.empty())
      return because(
          path, "different losses have different units; compare `--metric total` or accuracies");
  if (is_of_decomposition(metric) && a.primary_metric != b.primary_metric)
    return fmt::format("it is decomposed by {}, the baseline by {}", a.primary_metric,
                       b.primary_metric);
  return "";
}

std::string verdict(const store::ContrastRow& row, double alpha) {
  if (row.diff == 0 && row.se_paired == 0) return "identical";
  if (!(row.p_holm <= alpha)) return "not significant";
  const auto want = wanted(row.quantity == "mean" ? row.metric : row.quantity);
  if (want == Wanted::neither) return row.diff < 0 ? "lower" : "higher";
  return (row.diff < 0) == (want == Wanted::less) ? "better" : "worse";
}

// The number of additional replicates that an open comparison needs.
std::optional<std::uint64_t> more_replicates(const store::ContrastRow& row, double alpha,
                                             bool population) {
  if (population || row.has_fixed_error) return {};  // test points, seeds, samples stay as few
  const double sd = row.se_paired * std::sqrt(double(row.units));
  const auto needed = statistics::replicates_needed(row.diff, sd, alpha / double(row.k_family));
  if (!needed) return {};
  // Only equal differences are that large and not found: their p is 2^(1 - R).
  const auto of_signs = 1 + std::uint64_t(std::ceil(std::log2(double(row.k_family) / alpha)));
  const auto units = *needed > row.units ? *needed : std::max(of_signs, row.units + 1);
  return (units - row.units) * (row.replicates / row.units);
}

// The mean of a metric over the runs of a point that are done, or its estimate.
double mean_of(store::Reader& reader, const store::StoredPoint& point, const std::string& metric) {
  if (is_of_decomposition(metric)) {
    const auto without = without_groups(reader, point);
    if (without.empty()) return not_recorded;
    const auto& all = without.front();
    return metric == "total" ? all.total : metric == "bias2" ? all.bias2 : all.variance;
  }
  std::vector<double> values;
  for (const auto& one : store::values_of(reader, point.id, metric))
    if (std::isfinite(one.value)) values.push_back(one.value);
  return statistics::summarize(values).mean;
}

double done_share(store::Reader& reader, const store::StoredPoint& point,
                  const std::string& metric) {
  const auto column = is_of_decomposition(metric) ? "replicate" : metric;
  return ends_of(store::values_of(reader, point.id, column)).share();
}

void check_metrics(const std::vector<std::string>& metrics, bool population) {
  std::set<std::string> seen;
  for (const auto& metric : metrics) {
    const auto& valid = comparable_metrics();
    if (std::ranges::find(valid, metric) == valid.end())
      throw Error(fmt::format("--metric: '{}' is not known{}", metric,
                              did_you_mean(metric, valid, "metric")));
    if (!seen.insert(metric).second)
      throw Error(fmt::format("--metric: '{}' is given twice", metric));
    if (population && !is_of_decomposition(metric))
      throw Error(
          fmt::format("--population: the error of {} over test points is not known, as a "
                      "run has one value of it; use --metric total, bias2 or variance",
                      metric));
  }
}

// Whether a run of the experiment, or a point of it, has a value.
bool is_recorded(store::Reader& reader, std::int64_t experiment, const std::string& metric) {
  const std::string of =
      "point_id IN (SELECT point_id FROM points WHERE experiment_id = ? AND "
      "superseded_by IS NULL)";
  const auto known = record::find_metric(metric);
  auto sql = "SELECT EXISTS (SELECT 1 FROM runs WHERE " + of + " AND " + metric + " IS NOT NULL)";
  if (is_of_decomposition(metric))
    sql = "SELECT EXISTS (SELECT 1 FROM bias_variance WHERE " + of + " AND " + metric +
          " IS NOT NULL)";
  else if (known && record::is_measure(*known))
    sql = fmt::format(
        "SELECT EXISTS (SELECT 1 FROM runs JOIN run_metrics USING (run_id) WHERE {} "
        "AND metric_id = {} AND value IS NOT NULL)",
        of, int(*known));
  bool is = false;
  store::for_each_row(reader, sql,
                      [&](const auto& row) { is = std::get<std::int64_t>(row[0]) != 0; },
                      {store::Value(experiment)});
  return is;
}

// Of an experiment with runs that have other metrics: runs that were trained, and not with this
// one. Of too few replicates there is no decomposition, and the rows say so.
void check_recorded(store::Reader& reader, std::int64_t experiment,
                    const std::vector<std::string>& metrics) {
  if (!is_recorded(reader, experiment, "train_loss")) return;
  for (const auto& metric : metrics) {
    // A point that is not decomposed has a verdict that says so.
    if (is_of_decomposition(metric) || is_recorded(reader, experiment, metric)) continue;
    std::vector<std::string> recorded;
    for (const auto& one : comparable_metrics())
      if (is_recorded(reader, experiment, one)) recorded.push_back(one);
    const auto known = record::find_metric(metric);
    throw Error(fmt::format(
        "--metric: no run of this experiment has {}{}; recorded: {}", metric,
        known && record::is_measure(*known)
            ? fmt::format(" (`record: {{metrics: [{}]}}` in the file records it)", metric)
            : "",
        fmt::join(recorded, ", ")));
  }
}

std::string others(std::size_t count) {
  if (count == 0) return "";
  return fmt::format("; and {} other{} likewise", count, count == 1 ? "" : "s");
}

}  // namespace

const std::vector<std::string>& comparable_metrics() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> metrics{"test_loss",     "train_loss",     "validation_loss",
                                     "test_accuracy", "train_accuracy", "validation_accuracy",
                                     "penalty",       "gradient_norm",  "weight_norm",
                                     "zero_weights",  "total",          "bias2",
                                     "variance"};
    for (auto i = std::size_t(record::Metric::measures); i < record::metric_facts().size(); ++i)
      metrics.push_back(record::metric_facts()[i].name);
    return metrics;
  }();
  return all;
}

store::StoredExperiment find_experiment(store::Reader& reader, const std::string& name) {
  const auto all = store::experiments_in(reader);
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const auto& one : all) names.push_back(one.name);
  const auto found = std::ranges::find(all, name, &store::StoredExperiment::name);
  if (found != all.end()) return *found;
  if (!name.empty())
    throw Error(
        fmt::format("--experiment: the store has no '{}'{}", name, did_you_mean(name, names)));
  const auto is_confirmation = [&](const store::StoredExperiment& one) {
    return std::ranges::any_of(
        names, [&](const auto& other) { return one.name == confirmation_name(other); });
  };
  std::vector<store::StoredExperiment> candidates;
  std::ranges::remove_copy_if(all, std::back_inserter(candidates), is_confirmation);
  if (candidates.size() == 1) return candidates.front();
  if (candidates.empty()) throw Error("the store is empty; `descent run FILE` fills it");
  throw Error(fmt::format("the store has several experiments; say which with --experiment: {}",
                          fmt::join(names, ", ")));
}

void judge(std::vector<store::ContrastRow>& rows, const ContrastOptions& options) {
  std::vector<double> p;
  p.reserve(rows.size());
  for (const auto& row : rows) p.push_back(row.p);
  const auto p_holm = statistics::holm(p), q_bh = statistics::benjamini_hochberg(p);
  const auto k = p.size() - std::size_t(std::ranges::count_if(p, [](double x) { return x != x; }));
  const double alpha = 1 - options.level;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& row = rows[i];
    row.p_holm = p_holm[i];
    row.q_bh = q_bh[i];
    row.k_family = k;
    if (!row.verdict.empty()) continue;
    row.verdict = verdict(row, alpha);
    if (row.verdict == "not significant")
      row.more_replicates = more_replicates(row, alpha, options.population);
  }
}

Comparison compare(store::Reader& reader, const ComparisonRequest& request) {
  check_metrics(request.metrics, request.options.population);
  Comparison found;
  found.experiment = find_experiment(reader, request.experiment);
  found.points = store::points_of(reader, found.experiment.id);
  check_recorded(reader, found.experiment.id, request.metrics);
  const Baseline baseline(found.experiment, found.points, request.baseline);
  found.shared_data = store::shared_data(reader, found.points.front().id);
  found.family = {found.experiment.id,
                  baseline.text(),
                  fmt::format("{}", fmt::join(request.metrics, ", ")),
                  request.options.level,
                  request.options.survivors,
                  request.options.population,
                  {}};
  for (const auto& metric : request.metrics)
    for (const auto& point : found.points) {
      const auto match = baseline.match(point);
      if (!match) continue;
      auto reason = match->point ? why_not(point, *match->point, metric) : match->why_not;
      if (reason.empty()) {
        found.family.rows.push_back(
            contrast(reader, point, *match->point, metric, request.options));
        continue;
      }
      reason = fmt::format("({}): {}", store::text_of(point, found.experiment.swept), reason);
      if (std::ranges::find(found.left_out, reason) == found.left_out.end())
        found.left_out.push_back(reason);
    }
  if (found.family.rows.empty())
    throw Error(found.left_out.empty()
                    ? fmt::format("every point has {}, so all are baselines; name fewer values",
                                  baseline.text())
                    : fmt::format("nothing can be compared with {}: {}{}", baseline.text(),
                                  found.left_out.front(), others(found.left_out.size() - 1)));
  judge(found.family.rows, request.options);
  return found;
}

std::vector<store::ContrastRow> compare_with(store::Reader& reader, const std::string& experiment,
                                             std::int64_t point, const std::string& metric,
                                             const ContrastOptions& options) {
  const auto points = store::points_of(reader, find_experiment(reader, experiment).id);
  const auto& one = *std::ranges::lower_bound(points, point, {}, &store::StoredPoint::id);
  std::vector<store::ContrastRow> rows;
  for (const auto& other : points)
    if (other.id != point && why_not(other, one, metric).empty())
      rows.push_back(contrast(reader, other, one, metric, options));
  judge(rows, options);
  return rows;
}

const store::StoredPoint& point_of(const Comparison& comparison, std::int64_t id) {
  return *std::ranges::lower_bound(comparison.points, id, {}, &store::StoredPoint::id);
}

// The order of the leaderboard: the share of runs that are done, then the mean.
const store::ContrastRow* best_of(store::Reader& reader, const Comparison& comparison,
                                  const std::string& metric, bool survivors) {
  const store::ContrastRow* best = nullptr;
  double best_share = 0, best_mean = not_recorded;
  for (const auto& row : comparison.family.rows) {
    if (metric != (row.quantity == "mean" ? row.metric : row.quantity)) continue;
    const auto& point = point_of(comparison, row.a);
    const double mean = mean_of(reader, point, metric);
    const double share = survivors ? 1 : done_share(reader, point, metric);
    if (std::isnan(mean) || share <= 0.5 || share < best_share) continue;
    const bool is_better = wanted(metric) == Wanted::more ? mean > best_mean : mean < best_mean;
    if (share == best_share && !is_better) continue;
    best = &row;
    best_share = share;
    best_mean = mean;
  }
  return best;
}

}  // namespace descent::engine
