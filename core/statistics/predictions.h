// SPDX-License-Identifier: MIT
// The errors of every replicate at every test point. Absolute loss needs medians, which
// cannot be computed from sums: memory grows with the number of replicates.
#pragma once

#include <armadillo>
#include <cstdint>
#include <string>
#include <string_view>

namespace descent::statistics {

class Predictions {
 public:
  // One more replicate: predictions and f (or y), k x m. Throws Error when the shapes differ.
  void add(const arma::mat& prediction, const arma::mat& target);

  // The replicates that follow these. Throws Error when the other is of another shape.
  void merge(const Predictions& later);

  std::string serialize() const;
  // Throws Error unless the bytes are whole and of this format.
  static Predictions deserialize(std::string_view bytes);

  std::uint64_t count() const { return errors_.n_cols; }
  const arma::mat& errors() const { return errors_; }  // k m x replicates, columns in their order

 private:
  arma::mat errors_;
};

}  // namespace descent::statistics
