// SPDX-License-Identifier: MIT
#include "statistics/grouped_accumulators.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace descent::statistics {
namespace {

Accumulator merged(std::span<const Accumulator> groups) {
  if (groups.empty()) throw Error("there are no accumulated predictions to decompose");
  Accumulator whole(groups[0].divergence(), groups[0].clip_eps());
  for (const auto& group : groups) whole.merge(group);
  return whole;
}

}  // namespace

GroupedAccumulators::GroupedAccumulators(std::span<const Accumulator> groups,
                                         const arma::mat& target, double scale,
                                         const PointWeights& weights)
    : whole_(merged(groups)), scale_(scale), weights_(weights) {
  for (const auto& group : groups)
    if (group.count() > 0) groups_.push_back(&group);
  const auto& mean = whole_.mean();
  if (groups_.empty() || (mean.n_rows == target.n_rows && mean.n_cols == target.n_cols)) return;
  throw Error(fmt::format("predictions of {} x {} were accumulated, the targets are {} x {}",
                          mean.n_rows, mean.n_cols, target.n_rows, target.n_cols));
}

std::uint64_t GroupedAccumulators::largest_group() const {
  std::uint64_t largest = 0;
  for (const auto* group : groups_) largest = std::max(largest, group->count());
  return largest;
}

std::vector<double> GroupedAccumulators::counts() const {
  std::vector<double> counts;
  for (const auto* group : groups_) counts.push_back(static_cast<double>(group->count()));
  return counts;
}

double GroupedAccumulators::replicates_without(const Accumulator& group) const {
  return static_cast<double>(whole_.count() - group.count());
}

double GroupedAccumulators::loss_without(const Accumulator& group) const {
  return scale_ * (whole_.loss_sum() - group.loss_sum()) / replicates_without(group);
}

// From n mean = n_g mean_g + (n - n_g) mean', solved for mean'.
double GroupedAccumulators::weight(const Accumulator& group) const {
  return static_cast<double>(group.count()) / replicates_without(group);
}

}  // namespace descent::statistics
