// SPDX-License-Identifier: MIT
#include "engine/contrast.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "engine/point_terms.h"
#include "statistics/blocked_difference.h"
#include "statistics/difference.h"
#include "statistics/sign_flip.h"

namespace descent::engine {
namespace {

struct Pairs {
  std::vector<std::uint64_t> replicates;
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
      pairs.replicates.push_back(x->replicate);
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
  row.replicates = row.units = d.replicates;
  if (!std::isnan(d.p)) return;
  row.verdict = d.replicates == 0 ? "no pairs" : d.replicates == 1 ? "one pair" : "not defined";
}

// Of which the units of the row are blocks.
void set_pairs(store::ContrastRow& row, std::uint64_t pairs) {
  row.replicates = pairs;
  if (row.verdict == "one pair" && pairs > 1) row.verdict = "one block";
}

// Of differences: their mean is the difference of the row.
void fill_from(store::ContrastRow& row, const std::vector<double>& differences) {
  row.p_sign_flip = statistics::sign_flip_p(differences);
  row.max_replicate_share = statistics::largest_share(differences);
}

// Both points of a comparison have the same ones.
statistics::ReplicateBlocks blocks_of(const store::StoredPoint& point) {
  const auto layout = point.parameters.find("replicates.layout");
  if (layout == point.parameters.end() || store::text_of(layout->second) == "single") return {};
  const auto& seeds = point.parameters.at("replicates.seeds");
  return {std::uint64_t(std::get<std::int64_t>(seeds)),
          store::text_of(layout->second) == "crossed"};
}

// How many of the replicates, in ascending order, are of blocks that are whole.
std::uint64_t in_whole_blocks(const std::vector<std::uint64_t>& replicates, std::uint64_t size) {
  std::uint64_t count = 0, of_block = 0;
  for (std::size_t i = 0; i < replicates.size(); ++i) {
    of_block = i > 0 && replicates[i] / size == replicates[i - 1] / size ? of_block + 1 : 1;
    if (of_block == size) count += size;
  }
  return count;
}

using Without = std::vector<statistics::LeaveOneOut>;

// What is left out is counted in blocks.
Without in_units(Without without, std::uint64_t block) {
  for (auto& one : without) one.left_out /= block;
  return without;
}

// What the groups leave out together.
std::uint64_t units_of(const Without& without) {
  std::uint64_t sum = 0;
  for (const auto& one : without) sum += one.left_out;
  return sum;
}

bool has_total(store::Reader& reader, const store::StoredPoint& point) {
  bool is = false;
  store::for_each_row(
      reader,
      "SELECT EXISTS (SELECT 1 FROM bias_variance WHERE point_id = ? AND metric = ? "
      "AND total IS NOT NULL)",
      [&](const auto& row) { is = std::get<std::int64_t>(row[0]) != 0; },
      {point.id, point.primary_metric});
  return is;
}

std::vector<statistics::PointGroup> point_groups(store::Reader& reader,
                                                 const store::StoredPoint& point) {
  std::vector<statistics::PointGroup> all;
  for (const auto& group : store::point_groups_of(reader, point.id, point.primary_metric))
    all.push_back({group.points, group.total, group.bias2, group.variance});
  return all;
}

template <class Parts>
auto part_of(const Parts& parts, const std::string& name) {
  return name == "total" ? parts.total : name == "bias2" ? parts.bias2 : parts.variance;
}

// The jackknife leaves the same replicates out of both, so both must have the same ones.
void fill_decomposed(store::ContrastRow& row, store::Reader& reader, const store::StoredPoint& a,
                     const store::StoredPoint& b, const Pairs& pairs,
                     const ContrastOptions& options) {
  const auto block = blocks_of(a).size;
  const auto x = in_units(without_groups(reader, a), block),
             y = in_units(without_groups(reader, b), block);
  if (x.empty() || y.empty()) {
    row.verdict = a.finished && b.finished && has_total(reader, a) && has_total(reader, b)
                      ? "replicates in blocks"
                      : "not decomposed";
    return;
  }
  const auto n = in_whole_blocks(pairs.replicates, block) / block;
  const bool same = units_of(x) == n && units_of(y) == n;
  const auto d =
      statistics::paired_decomposition(x, y, n, a.primary_metric == "nll", options.level);
  if (!same || !d) {
    row.verdict = "other replicates";
    return;
  }
  auto difference = part_of(*d, row.quantity);
  const auto p = point_groups(reader, a), q = point_groups(reader, b);
  row.se_points = part_of(statistics::paired_point_errors(p, q), row.quantity);
  if (options.population)
    difference = statistics::of_population(difference, row.se_points, p.size(), options.level);
  fill(row, difference);
  set_pairs(row, n * block);
  if (row.quantity == "total") fill_from(row, statistics::total_differences(x, y, n));
  if (options.population) row.p_sign_flip = not_recorded;  // it flips replicates alone
}

void fill_mean(store::ContrastRow& row, store::Reader& reader, const Pairs& pairs,
               const store::StoredPoint& point, double level) {
  const auto blocks = blocks_of(point);
  const auto difference =
      statistics::blocked_difference(pairs.replicates, pairs.a, pairs.b, blocks, level);
  const double ratio =
      row.metric.starts_with("test_") ? store::test_over_training(reader, point.id) : 0;
  row.is_of_splits = ratio > 0;
  fill(row, row.is_of_splits ? statistics::of_splits(difference, ratio, level) : difference);
  set_pairs(row, pairs.a.size());
  std::vector<double> differences(pairs.a.size());
  std::ranges::transform(pairs.a, pairs.b, differences.begin(), std::minus<>());
  fill_from(row, statistics::block_means(pairs.replicates, differences, blocks.size));
  if (!blocks.is_crossed && !row.is_of_splits) return;
  row.p_sign_flip = not_recorded;  // it flips independent differences
  row.has_fixed_error = true;
}

// How much larger the error over test points is than that over replicates. The loss of the runs is
// not known at single test points; that of its decomposition stands for it.
double ratio_of_errors(const store::ContrastRow& row, store::Reader& reader,
                       const store::StoredPoint& a, const store::StoredPoint& b) {
  if (is_of_decomposition(row.quantity)) return row.se_points / row.se_paired;
  if (row.metric != "test_loss" || a.primary_metric != b.primary_metric) return not_recorded;
  const auto x = without_groups(reader, a), y = without_groups(reader, b);
  const auto d = statistics::paired_decomposition(x, y, units_of(x), false, .95);
  const auto p = point_groups(reader, a), q = point_groups(reader, b);
  return d ? statistics::paired_point_errors(p, q).total / d->total.estimate.se : not_recorded;
}

// The order of the leaderboard. With as many failures, the others decide if they are most.
std::string verdict_by_ends(const Ends& a, const Ends& b) {
  if (a.share() < b.share()) return "fails more";
  if (a.share() > b.share()) return "fails less";
  return a.share() > 0.5 ? "" : "fails as often";
}

}  // namespace

bool is_of_decomposition(const std::string& metric) {
  return metric == "total" || metric == "bias2" || metric == "variance";
}

Ends ends_of(const std::vector<store::ReplicateValue>& values) {
  const auto done =
      std::ranges::count_if(values, [](const auto& one) { return std::isfinite(one.value); });
  return {std::uint64_t(done), values.size()};
}

store::ContrastRow contrast(store::Reader& reader, const store::StoredPoint& a,
                            const store::StoredPoint& b, const std::string& metric,
                            const ContrastOptions& options) {
  const bool decomposed = is_of_decomposition(metric);
  store::ContrastRow row;
  row.a = a.id;
  row.b = b.id;
  row.metric = decomposed ? a.primary_metric : metric;
  row.quantity = decomposed ? metric : "mean";
  const std::string column = decomposed ? "replicate" : metric;
  const auto x = store::values_of(reader, a.id, column), y = store::values_of(reader, b.id, column);
  const auto pairs = pairs_of(x, y);
  const auto ends_a = ends_of(x), ends_b = ends_of(y);
  row.dropped = pairs.dropped;
  row.not_done_a = ends_a.runs - ends_a.done;
  row.not_done_b = ends_b.runs - ends_b.done;
  if (decomposed)
    fill_decomposed(row, reader, a, b, pairs, options);
  else
    fill_mean(row, reader, pairs, a, options.level);
  row.ratio_of_errors = ratio_of_errors(row, reader, a, b);
  // Other replicates are done because others failed.
  if ((row.verdict.empty() || row.verdict == "other replicates") && !options.survivors)
    if (const auto by_ends = verdict_by_ends(ends_a, ends_b); !by_ends.empty())
      row.verdict = by_ends;
  return row;
}

std::vector<statistics::LeaveOneOut> without_groups(store::Reader& reader,
                                                    const store::StoredPoint& point) {
  std::vector<statistics::LeaveOneOut> all;
  for (const auto& part : store::jackknife_of(reader, point.id, point.primary_metric))
    all.push_back({part.left_out, part.total, part.bias2, part.variance});
  return all;
}

}  // namespace descent::engine
