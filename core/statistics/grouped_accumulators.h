// SPDX-License-Identifier: MIT
// The accumulators of the groups of one test set, and their merger. Internal to this floor.
#pragma once

#include <armadillo>
#include <cstdint>
#include <span>
#include <vector>

#include "statistics/accumulator.h"

namespace descent::statistics {

class GroupedAccumulators {
 public:
  // The groups must outlive the pool; empty ones are left out. scale and weights: see
  // DecompositionSettings.
  // Throws Error when groups and target are not of one test set, or there is no group at all.
  GroupedAccumulators(std::span<const Accumulator> groups, const arma::mat& target, double scale,
                      const PointWeights& weights = {});

  const std::vector<const Accumulator*>& groups() const { return groups_; }
  const Accumulator& whole() const { return whole_; }
  const PointWeights& weights() const { return weights_; }
  double replicates() const { return static_cast<double>(whole_.count()); }
  std::uint64_t largest_group() const;  // its replicates
  std::vector<double> counts() const;   // replicates of each group

  // The factor from a sum over rows and columns to a result.
  double unit() const { return scale_ / static_cast<double>(whole_.mean().n_cols); }
  double loss() const { return scale_ * whole_.loss_sum() / replicates(); }

  // All but one group.
  double replicates_without(const Accumulator& group) const;
  double loss_without(const Accumulator& group) const;
  // w of: mean without the group = mean - w (mean of the group - mean).
  double weight(const Accumulator& group) const;

 private:
  std::vector<const Accumulator*> groups_;
  Accumulator whole_;
  double scale_;
  PointWeights weights_;
};

}  // namespace descent::statistics
