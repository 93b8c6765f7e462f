// SPDX-License-Identifier: MIT
// Squared errors of replicates that come in blocks of equal size: the seeds of one data set, or the
// parts of one partition of a pool. Keeps the sums of an analysis of variance, in memory that does
// not grow with the number of blocks.
#pragma once

#include <armadillo>
#include <cstdint>
#include <string>
#include <string_view>

#include "statistics/point_weights.h"

namespace descent::statistics {

class Blocks {
 public:
  // size: replicates of a block, >= 2.
  explicit Blocks(std::uint64_t size);

  // The next replicate: predictions and f (or y), k x m. A block is added when it is complete.
  // Throws Error when the shapes differ.
  void add(const arma::mat& prediction, const arma::mat& target, const PointWeights& weights = {});
  // The next replicate did not end well: its whole block is left out.
  void skip();

  // The blocks that follow these. Throws Error when the other is of another shape or size.
  void merge(const Blocks& later);

  std::string serialize() const;  // REQUIRES: no block is under way
  // Throws Error unless the bytes are whole and of this format.
  static Blocks deserialize(std::string_view bytes);

  std::uint64_t size() const { return size_; }
  std::uint64_t count() const { return blocks_; }  // blocks
  std::uint64_t replicates() const { return blocks_ * size_; }
  arma::uword points() const { return points_; }  // test points: columns of the target

  // Weighted errors' means over blocks at each position in a block: k m x size; empty: none yet.
  const arma::mat& means() const { return means_; }
  arma::vec grand_mean() const { return arma::mean(means_, 1); }
  // Sums over k m: of squares about the block's mean, and of block means about the grand mean.
  double within() const { return within_; }
  double between() const { return between_; }
  // By position: sums over blocks of |e|^2, and of <e, block mean>.
  const arma::vec& squares() const { return squares_; }
  const arma::vec& products() const { return products_; }

  // Replicates' losses: the weighted mean over columns of the sum over rows of squared errors.
  double loss_sum() const { return loss_sum_; }
  double largest_loss() const { return largest_loss_; }

 private:
  void close();

  std::uint64_t size_, blocks_ = 0;
  arma::uword points_ = 0;
  arma::mat means_;
  double within_ = 0, between_ = 0;
  arma::vec squares_, products_;
  double loss_sum_ = 0, largest_loss_ = 0;
  arma::mat open_;  // errors of the block under way
  std::uint64_t position_ = 0;
  bool broken_ = false;
};

}  // namespace descent::statistics
