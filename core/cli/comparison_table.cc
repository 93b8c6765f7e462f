// SPDX-License-Identifier: MIT
#include "cli/comparison_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "cli/report.h"
#include "statistics/summary.h"

namespace descent::cli {
namespace {

store::Value cell(double value) { return std::isnan(value) ? store::Value() : store::Value(value); }
store::Value cell(std::uint64_t value) { return std::int64_t(value); }
store::Value cell(const std::optional<std::uint64_t>& value) {
  return value ? cell(*value) : store::Value();
}

const store::StoredPoint& with_id(const std::vector<store::StoredPoint>& points, std::int64_t id) {
  return *std::ranges::find(points, id, &store::StoredPoint::id);
}

store::Value value_at(const store::StoredPoint& point, const std::string& path) {
  const auto found = point.parameters.find(path);
  return found == point.parameters.end() ? store::Value() : found->second;
}

// What the baseline has otherwise.
std::string against(const store::StoredPoint& a, const store::StoredPoint& b,
                    const std::vector<std::string>& swept) {
  std::vector<std::string> paths;
  for (const auto& path : swept)
    if (value_at(a, path) != value_at(b, path)) paths.push_back(path);
  return paths.size() > most_point_columns ? b.label : store::text_of(b, paths);
}

// Swept paths in which the points that are shown differ, or have no value.
std::vector<std::string> differing_paths(const std::vector<std::string>& swept,
                                         const std::vector<const store::StoredPoint*>& points) {
  std::vector<std::string> paths;
  for (const auto& path : swept)
    if (std::ranges::any_of(points, [&](const store::StoredPoint* point) {
          return value_at(*point, path) != value_at(*points.front(), path);
        }))
      paths.push_back(path);
  return paths;
}

bool is_of_splits(const store::ContrastRow& row) { return row.is_of_splits; }

std::string quantity_of(const store::ContrastRow& row) {
  return row.quantity == "mean" ? row.metric : row.quantity;
}

}  // namespace

store::Table short_table(const engine::Comparison& comparison,
                         const std::vector<store::ContrastRow>& rows,
                         const std::vector<store::StoredPoint>& shown) {
  const auto& swept = comparison.experiment.swept;
  std::vector<const store::StoredPoint*> points;
  for (const auto& row : rows)
    for (const auto id : {row.a, row.b}) points.push_back(&with_id(shown, id));
  const auto columns = differing_paths(swept, points);
  const bool several = std::ranges::any_of(rows, [&](const store::ContrastRow& row) {
    return quantity_of(row) != quantity_of(rows.front());
  });

  const bool labelled = columns.size() > most_point_columns;
  store::Table table;
  table.columns = labelled ? std::vector<std::string>{"point"} : columns;
  table.columns.emplace_back("against");
  if (several) table.columns.emplace_back("of");
  for (const auto* name : {"difference", "se", "lo", "hi", "corr", "p_holm", "q_bh", "p_sign_flip",
                           "pairs", "dropped", "more", "verdict"})
    table.columns.emplace_back(name);
  for (const auto& row : rows) {
    const auto &a = with_id(shown, row.a), &b = with_id(shown, row.b);
    auto& cells = table.rows.emplace_back();
    if (labelled)
      cells.emplace_back(a.label);
    else
      for (const auto& path : columns) cells.push_back(value_at(a, path));
    cells.emplace_back(against(a, b, swept));
    if (several) cells.emplace_back(quantity_of(row));
    for (const double x :
         {row.diff, row.se_paired, row.lo, row.hi, row.corr, row.p_holm, row.q_bh, row.p_sign_flip})
      cells.push_back(cell(x));
    cells.push_back(cell(row.replicates));
    cells.push_back(cell(row.dropped));
    cells.push_back(cell(row.more_replicates));
    cells.emplace_back(row.verdict);
  }
  return table;
}

store::Table whole_table(const engine::Comparison& comparison,
                         const std::vector<store::ContrastRow>& rows,
                         const std::vector<store::StoredPoint>& shown) {
  store::Table table;
  table.columns = {"experiment",
                   "a",
                   "b",
                   "point",
                   "baseline",
                   "metric",
                   "quantity",
                   "diff",
                   "se_paired",
                   "corr",
                   "df",
                   "lo",
                   "hi",
                   "ci_level",
                   "p",
                   "p_holm",
                   "q_bh",
                   "p_sign_flip",
                   "k_family",
                   "replicates",
                   "dropped",
                   "not_done_a",
                   "not_done_b",
                   "max_replicate_share",
                   "se_points",
                   "more_replicates",
                   "fresh_replicates",
                   "survivors",
                   "population",
                   "verdict"};
  const auto& swept = comparison.experiment.swept;
  for (const auto& row : rows)
    table.rows.push_back({comparison.experiment.name,
                          row.a,
                          row.b,
                          store::text_of(with_id(shown, row.a), swept),
                          store::text_of(with_id(shown, row.b), swept),
                          row.metric,
                          row.quantity,
                          cell(row.diff),
                          cell(row.se_paired),
                          cell(row.corr),
                          cell(row.df),
                          cell(row.lo),
                          cell(row.hi),
                          comparison.family.ci_level,
                          cell(row.p),
                          cell(row.p_holm),
                          cell(row.q_bh),
                          cell(row.p_sign_flip),
                          cell(row.k_family),
                          cell(row.replicates),
                          cell(row.dropped),
                          cell(row.not_done_a),
                          cell(row.not_done_b),
                          cell(row.max_replicate_share),
                          cell(row.se_points),
                          cell(row.more_replicates),
                          cell(row.fresh_replicates),
                          std::int64_t(comparison.family.survivors),
                          std::int64_t(comparison.family.population),
                          row.verdict});
  return table;
}

std::vector<std::string> warnings(const engine::Comparison& comparison) {
  const auto& family = comparison.family;
  std::vector<std::string> all;
  const auto add = [&](const std::string& text, auto is_meant) {
    std::set<std::string> which;
    for (const auto& row : family.rows)
      if (is_meant(row))
        which.insert(fmt::format("({})", store::text_of(with_id(comparison.points, row.a),
                                                        comparison.experiment.swept)));
    if (which.empty()) return;
    const auto shown = std::min<std::size_t>(which.size(), 3);
    const auto rest =
        which.size() > shown ? fmt::format(" and {} others", which.size() - shown) : "";
    all.push_back(fmt::format("{}{}: {}",
                              fmt::join(which.begin(), std::next(which.begin(), long(shown)), ", "),
                              rest, text));
  };
  add("one replicate has a large share of the differences, so mean, interval and p depend on it; "
      "compare medians (test_loss_median), or find out why it is so different",
      [](const auto& row) { return statistics::is_dominant(row.max_replicate_share, row.units); });
  if (!family.population)
    add("the error over test points exceeds that over replicates: the result holds for these test "
        "points only; --population counts both (--metric total), and more test points lower it",
        [](const auto& row) { return row.ratio_of_errors > 1; });
  if (!family.survivors)
    add("not all runs are done, so the point that fails more often is behind, whatever the "
        "others gave; --survivors compares those",
        [](const auto& row) { return row.verdict.starts_with("fails"); });
  if (const auto& how = comparison.shared_data;
      !how.empty() && !std::ranges::all_of(family.rows, is_of_splits))
    all.push_back(fmt::format(
        "{}: intervals and p values hold for this data; for new data they are too narrow and too "
        "small (docs/bias_variance.md)",
        how));
  return all;
}

std::string legend(const engine::Comparison& comparison) {
  const auto& family = comparison.family;
  const auto k = family.rows.front().k_family;
  return fmt::format(
      "difference: point minus baseline, paired by replicate, with {:g} % interval; "
      "better, worse: p_holm <= {:g} (Holm, {} comparison{}); more: replicates to add for 80 % "
      "power{}",
      100 * family.ci_level, 1 - family.ci_level, k, k == 1 ? "" : "s",
      std::ranges::any_of(family.rows, is_of_splits)
          ? "; se, interval and p of test metrics are corrected for the samples that splits of one "
            "file share"
          : "");
}

}  // namespace descent::cli
