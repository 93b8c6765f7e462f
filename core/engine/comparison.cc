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
#include "record/task.h"
#include "statistics/difference.h"
#include "statistics/multiplicity.h"
#include "statistics/summary.h"

namespace descent::engine {
namespace {

bool is_of_decomposition(const std::string& metric) {
  return metric == "total" || metric == "bias2" || metric == "variance";
}

bool is_loss(const std::string& metric) { return metric == "test_loss" || metric == "train_loss"; }

enum class Wanted { less, more, neither };

Wanted wanted(const std::string& metric) {
  if (is_of_decomposition(metric) || is_loss(metric)) return Wanted::less;
  return metric.ends_with("_accuracy") ? Wanted::more : Wanted::neither;
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
  const auto told = [&](const std::string& path, const char* why) {
    return fmt::format("{} is {}, of the baseline {}: {}", path, value_in(a, path),
                       value_in(b, path), why);
  };
  if (const auto path = first_difference(a, b, record::decides_the_draws); !path.empty())
    return told(path,
                "results of other draws, another resampling scheme or another test set are never "
                "compared");
  if (is_loss(metric))
    if (const auto path = first_difference(a, b, record::decides_the_unit); !path.empty())
      return told(path, "losses have units of their own; compare `--metric total` or accuracies");
  if (is_of_decomposition(metric) && a.primary_metric != b.primary_metric)
    return fmt::format("it is decomposed by {}, the baseline by {}", a.primary_metric,
                       b.primary_metric);
  return "";
}

struct Pairs {
  std::vector<double> a, b;
  std::uint64_t dropped = 0;
};

// Pairs the replicates with two finite values; other replicates of either point are dropped.
Pairs pairs_of(const std::vector<store::ReplicateValue>& a,
               const std::vector<store::ReplicateValue>& b) {
  Pairs pairs;
  auto x = a.begin(), y = b.begin();
  while (x != a.end() || y != b.end()) {
    const bool both = x != a.end() && y != b.end() && x->replicate == y->replicate;
    if (both && std::isfinite(x->value) && std::isfinite(y->value)) {
      pairs.a.push_back(x->value);
      pairs.b.push_back(y->value);
    } else {
      ++pairs.dropped;
    }
    const bool y_is_behind =
        !both && (x == a.end() || (y != b.end() && y->replicate < x->replicate));
    if (!y_is_behind) ++x;
    if (both || y_is_behind) ++y;
  }
  return pairs;
}

void fill(store::ContrastRow& row, const statistics::Difference& d) {
  row.diff = d.estimate.value;
  row.se_paired = d.estimate.se;
  row.lo = d.estimate.lo;
  row.hi = d.estimate.hi;
  row.corr = d.correlation;
  row.df = d.df;
  row.p = d.p;
  row.replicates = d.replicates;
  if (!std::isnan(d.p)) return;
  row.verdict = d.replicates == 0 ? "no pairs" : d.replicates == 1 ? "one pair" : "not defined";
}

std::vector<statistics::LeaveOneOut> without_groups(store::Reader& reader,
                                                    const store::StoredPoint& point) {
  std::vector<statistics::LeaveOneOut> all;
  for (const auto& part : store::jackknife_of(reader, point.id, point.primary_metric))
    all.push_back({part.left_out, part.total, part.bias2, part.variance});
  return all;
}

// The replicates of the groups together.
std::uint64_t replicates_of(const std::vector<statistics::LeaveOneOut>& without) {
  std::uint64_t sum = 0;
  for (const auto& one : without) sum += one.left_out;
  return sum;
}

// The jackknife leaves the same replicates out of both, so both must have the same ones.
void fill_decomposed(store::ContrastRow& row, store::Reader& reader, const store::StoredPoint& a,
                     const store::StoredPoint& b, const std::string& metric, double level) {
  const auto pairs = pairs_of(store::values_of(reader, a.id, "replicate"),
                              store::values_of(reader, b.id, "replicate"));
  row.dropped = pairs.dropped;
  const auto x = without_groups(reader, a), y = without_groups(reader, b);
  if (x.empty() || y.empty()) {
    row.verdict = "not decomposed";
    return;
  }
  const auto n = pairs.a.size();
  const bool same = replicates_of(x) == n && replicates_of(y) == n;
  const auto d = statistics::paired_decomposition(x, y, n, a.primary_metric == "nll", level);
  if (!same || !d)
    row.verdict = "other replicates";
  else
    fill(row, metric == "total" ? d->total : metric == "bias2" ? d->bias2 : d->variance);
}

std::string verdict(const store::ContrastRow& row, double alpha) {
  if (row.diff == 0 && row.se_paired == 0) return "identical";
  if (!(row.p_holm <= alpha)) return "not told apart";
  const auto want = wanted(row.quantity == "mean" ? row.metric : row.quantity);
  if (want == Wanted::neither) return row.diff < 0 ? "lower" : "higher";
  return (row.diff < 0) == (want == Wanted::less) ? "better" : "worse";
}

// The number of additional replicates that an open comparison needs.
std::optional<std::uint64_t> more_replicates(const store::ContrastRow& row, double alpha) {
  const double sd = row.se_paired * std::sqrt(double(row.replicates));
  const auto needed = statistics::replicates_needed(row.diff, sd, alpha / double(row.k_family));
  if (!needed) return {};
  return *needed > row.replicates ? *needed - row.replicates : 1;
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

void check_metrics(const std::vector<std::string>& metrics) {
  std::set<std::string> seen;
  for (const auto& metric : metrics) {
    const auto& valid = comparable_metrics();
    if (std::ranges::find(valid, metric) == valid.end())
      throw Error(fmt::format("--metric: '{}' is not known{}", metric,
                              did_you_mean(metric, valid, "metric")));
    if (!seen.insert(metric).second)
      throw Error(fmt::format("--metric: '{}' is given twice", metric));
  }
}

std::string others(std::size_t count) {
  if (count == 0) return "";
  return fmt::format("; and {} other{} likewise", count, count == 1 ? "" : "s");
}

}  // namespace

const std::vector<std::string>& comparable_metrics() {
  static const std::vector<std::string> all{
      "test_loss",      "train_loss",          "validation_loss", "test_accuracy",
      "train_accuracy", "validation_accuracy", "penalty",         "gradient_norm",
      "weight_norm",    "zero_weights",        "total",           "bias2",
      "variance"};
  return all;
}

store::StoredExperiment find_experiment(store::Reader& reader, const std::string& name) {
  const auto all = store::experiments_in(reader);
  std::vector<std::string> names;
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

store::ContrastRow contrast(store::Reader& reader, const store::StoredPoint& a,
                            const store::StoredPoint& b, const std::string& metric, double level) {
  store::ContrastRow row;
  row.a = a.id;
  row.b = b.id;
  row.metric = is_of_decomposition(metric) ? a.primary_metric : metric;
  row.quantity = is_of_decomposition(metric) ? metric : "mean";
  if (is_of_decomposition(metric)) {
    fill_decomposed(row, reader, a, b, metric, level);
    return row;
  }
  const auto pairs =
      pairs_of(store::values_of(reader, a.id, metric), store::values_of(reader, b.id, metric));
  row.dropped = pairs.dropped;
  fill(row, statistics::paired_difference(pairs.a, pairs.b, level));
  return row;
}

void judge(std::vector<store::ContrastRow>& rows, double level) {
  std::vector<double> p;
  for (const auto& row : rows) p.push_back(row.p);
  const auto p_holm = statistics::holm(p), q_bh = statistics::benjamini_hochberg(p);
  const auto k = p.size() - std::size_t(std::ranges::count_if(p, [](double x) { return x != x; }));
  const double alpha = 1 - level;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& row = rows[i];
    row.p_holm = p_holm[i];
    row.q_bh = q_bh[i];
    row.k_family = k;
    if (std::isnan(row.p)) continue;
    row.verdict = verdict(row, alpha);
    if (row.verdict == "not told apart") row.more_replicates = more_replicates(row, alpha);
  }
}

Comparison compare(store::Reader& reader, const ComparisonRequest& request) {
  check_metrics(request.metrics);
  Comparison found;
  found.experiment = find_experiment(reader, request.experiment);
  found.points = store::points_of(reader, found.experiment.id);
  const Baseline baseline(found.experiment, found.points, request.baseline);
  found.family = {found.experiment.id,
                  baseline.text(),
                  fmt::format("{}", fmt::join(request.metrics, ", ")),
                  request.level,
                  {}};
  for (const auto& metric : request.metrics)
    for (const auto& point : found.points) {
      const auto match = baseline.match(point);
      if (!match) continue;
      auto reason = match->point ? why_not(point, *match->point, metric) : match->why_not;
      if (reason.empty()) {
        found.family.rows.push_back(contrast(reader, point, *match->point, metric, request.level));
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
  judge(found.family.rows, request.level);
  return found;
}

const store::StoredPoint& point_of(const Comparison& comparison, std::int64_t id) {
  return *std::ranges::lower_bound(comparison.points, id, {}, &store::StoredPoint::id);
}

const store::ContrastRow* best_of(store::Reader& reader, const Comparison& comparison,
                                  const std::string& metric) {
  const store::ContrastRow* best = nullptr;
  double best_value = not_recorded;
  for (const auto& row : comparison.family.rows) {
    if (metric != (row.quantity == "mean" ? row.metric : row.quantity)) continue;
    const double value = mean_of(reader, point_of(comparison, row.a), metric);
    const bool is_better = wanted(metric) == Wanted::more ? value > best_value : value < best_value;
    if (std::isnan(value) || (best && !is_better)) continue;
    best = &row;
    best_value = value;
  }
  return best;
}

}  // namespace descent::engine
