// SPDX-License-Identifier: MIT
// The accumulators of the groups of one test set, and their merger. Internal to this floor. In
// memory are the merger and one group.
#pragma once

#include <armadillo>
#include <cstdint>
#include <functional>
#include <vector>

#include "statistics/accumulator.h"
#include "statistics/group_source.h"

namespace descent::statistics {

class GroupedAccumulators {
 public:
  // Groups without replicates are left out. scale and weights: see DecompositionSettings.
  // Throws Error when groups and target are not of one test set, or there is no group at all.
  GroupedAccumulators(GroupSource<Accumulator> groups, const arma::mat& target, double scale,
                      const PointWeights& weights = {});

  void each(const std::function<void(const Accumulator&)>& visit) const;  // in replicate order
  const Accumulator& whole() const { return whole_; }
  const PointWeights& weights() const { return weights_; }
  double replicates() const { return static_cast<double>(whole_.count()); }
  std::uint64_t largest_group() const;                           // its replicates
  const std::vector<double>& counts() const { return counts_; }  // replicates of each group

  // The factor from a sum over rows and columns to a result.
  double unit() const { return scale_ / static_cast<double>(whole_.mean().n_cols); }
  double loss() const { return scale_ * whole_.loss_sum() / replicates(); }

  // All but one group.
  double replicates_without(const Accumulator& group) const;
  double loss_without(const Accumulator& group) const;
  // w of: mean without the group = mean - w (mean of the group - mean).
  double weight(const Accumulator& group) const;

 private:
  GroupSource<Accumulator> groups_;
  std::vector<double> counts_;
  Accumulator whole_;
  double scale_;
  PointWeights weights_;
};

}  // namespace descent::statistics
