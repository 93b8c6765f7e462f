// SPDX-License-Identifier: MIT
// A summary of the predictions of many replicates on one test set: enough to decompose their loss,
// in memory that does not grow with the number of replicates.
#pragma once

#include <armadillo>
#include <cstdint>
#include <string>
#include <string_view>

#include "statistics/point_weights.h"

namespace descent::statistics {

enum class Divergence { squared_error, cross_entropy };

inline constexpr double default_clip_eps = 1e-12;

// Columns are test points (of binary outputs: test points x outputs), rows outputs or classes.
// One fixed sequence of operations: the same replicates added and merged in the same order give
// the same bits. NaN propagates.
class Accumulator {
 public:
  // clip_eps: cross-entropy only; log probabilities below log(clip_eps) are raised to it and
  // counted, because a single zero would make the bias infinite.
  explicit Accumulator(Divergence divergence, double clip_eps = default_clip_eps);

  // One more replicate. Squared error: predictions and f (or y), k x m; the error is taken before
  // anything is summed. Cross-entropy: natural logarithms of the predicted probabilities and the
  // true (or one-hot) probabilities, k x columns. Throws Error when the shapes differ.
  void add(const arma::mat& prediction, const arma::mat& target, const PointWeights& weights = {});

  // The replicates that follow these (Chan, Golub & LeVeque, 1983). Throws Error when the other
  // is of another divergence, shape or clip_eps (an empty one has no shape).
  void merge(const Accumulator& later);

  std::string serialize() const;
  // Throws Error unless the bytes are whole and of this format.
  static Accumulator deserialize(std::string_view bytes);

  Divergence divergence() const { return divergence_; }
  double clip_eps() const { return clip_eps_; }
  std::uint64_t count() const { return count_; }      // replicates
  std::uint64_t clipped() const { return clipped_; }  // log probabilities raised to log(clip_eps)

  // Replicates' losses: the weighted mean over columns of the sum over rows of (prediction -
  // target)^2, or of -target * log p.
  double loss_sum() const { return loss_sum_; }
  double largest_loss() const { return largest_loss_; }

  // Of the errors times the roots of their weights, or of log p; empty: none yet.
  const arma::mat& mean() const { return mean_; }
  const arma::mat& m2() const { return m2_; }  // errors' sum of squares about the mean; empty: 0

 private:
  double add_errors(const arma::mat& errors);
  double add_log_probabilities(const arma::mat& log_p, const arma::mat& target,
                               const PointWeights& weights);

  Divergence divergence_;
  double clip_eps_;
  std::uint64_t count_ = 0, clipped_ = 0;
  double loss_sum_ = 0, largest_loss_ = 0;
  arma::mat mean_, m2_;
};

}  // namespace descent::statistics
