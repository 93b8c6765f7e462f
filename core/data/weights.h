// SPDX-License-Identifier: MIT
// What sample weights mean, everywhere: those of a set are scaled to mean 1, so that the mean of
// w l over its samples is sum(w l) / sum(w). A row of weight 0 is left out when a file is read.
#pragma once

#include <armadillo>
#include <utility>

namespace descent::data {

// Weights > 0, however large or small, scaled to mean 1. Empty weights (all 1) stay empty.
arma::rowvec to_mean_one(const arma::rowvec& weights);

// sum(w x) / sum(w) of each row. weights: of mean 1, or empty (all 1).
arma::vec weighted_mean(const arma::mat& rows, const arma::rowvec& weights);

// The rows scaled to mean 0 and variance 1 on the samples they are fitted on: (x - mean) / sd,
// where sd divides by sum(w). A row of equal values becomes 0. Works at any scale of double: a row
// is first divided by a power of two near its largest value, then mean and sd take two passes.
class Standardizer {
 public:
  Standardizer(const arma::mat& rows, const arma::rowvec& weights);
  Standardizer(arma::vec unit, arma::vec mean, arma::vec sd)  // one that was fitted before
      : unit_(std::move(unit)), mean_(std::move(mean)), sd_(std::move(sd)) {}

  arma::mat operator()(const arma::mat& rows) const;
  double sd(arma::uword row) const { return unit_[row] * sd_[row]; }  // 0: all values are equal

  // What it computes: (x / unit - mean) / sd, and 0 where sd is 0.
  const arma::vec& units() const { return unit_; }
  const arma::vec& means() const { return mean_; }
  const arma::vec& sds() const { return sd_; }

 private:
  arma::vec unit_, mean_, sd_;  // mean and sd in these units
};

}  // namespace descent::data
