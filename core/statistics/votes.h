// SPDX-License-Identifier: MIT
// How often replicates predicted each class at each test point: enough to decompose 0-1 loss, in
// memory that does not grow with the number of replicates.
#pragma once

#include <armadillo>
#include <cstdint>
#include <string>
#include <string_view>

#include "statistics/point_weights.h"

namespace descent::statistics {

using Counts = arma::Mat<arma::u32>;

class Votes {
 public:
  // One more replicate: the class 0 .. C-1 it predicts for each of m test points, and the true (or
  // one-hot) probabilities, C x m. Throws Error when they are not of one test set.
  void add(const arma::urowvec& predicted, const arma::mat& target,
           const PointWeights& weights = {});

  // The replicates that follow these. Throws Error when the other is of another shape.
  void merge(const Votes& later);
  // Removes a group that was merged; largest_loss() does not change.
  void remove(const Votes& group);

  std::string serialize() const;
  // Throws Error unless the bytes are whole and of this format.
  static Votes deserialize(std::string_view bytes);

  std::uint64_t count() const { return count_; }
  const Counts& counts() const { return counts_; }  // C x m; empty: none yet

  // Replicates' losses: the weighted mean over test points of 1 - target of the predicted class.
  double loss_sum() const { return loss_sum_; }
  double largest_loss() const { return largest_loss_; }

 private:
  std::uint64_t count_ = 0;
  double loss_sum_ = 0, largest_loss_ = 0;
  Counts counts_;
};

}  // namespace descent::statistics
