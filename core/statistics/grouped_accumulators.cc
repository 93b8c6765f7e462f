// SPDX-License-Identifier: MIT
#include "statistics/grouped_accumulators.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace descent::statistics {
namespace {

Accumulator empty_like_first(const GroupSource<Accumulator>& groups) {
  if (groups.size() == 0) throw Error("there are no accumulated predictions to decompose");
  const auto& first = groups[0];
  return Accumulator(first.divergence(), first.clip_eps());
}

}  // namespace

GroupedAccumulators::GroupedAccumulators(GroupSource<Accumulator> groups, const arma::mat& target,
                                         double scale, const PointWeights& weights)
    : groups_(std::move(groups)),
      whole_(empty_like_first(groups_)),
      scale_(scale),
      weights_(weights) {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const auto& group = groups_[g];
    if (group.count() == 0) continue;
    counts_.push_back(static_cast<double>(group.count()));
    whole_.merge(group);
  }
  const auto& mean = whole_.mean();
  if (counts_.empty() || (mean.n_rows == target.n_rows && mean.n_cols == target.n_cols)) return;
  throw Error(fmt::format("predictions of {} x {} were accumulated, the targets are {} x {}",
                          mean.n_rows, mean.n_cols, target.n_rows, target.n_cols));
}

std::uint64_t GroupedAccumulators::largest_group() const {
  return counts_.empty() ? 0 : static_cast<std::uint64_t>(*std::ranges::max_element(counts_));
}

void GroupedAccumulators::each(const std::function<void(const Accumulator&)>& visit) const {
  for (std::size_t g = 0; g < groups_.size(); ++g)
    if (const auto& group = groups_[g]; group.count() > 0) visit(group);
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
