// SPDX-License-Identifier: MIT
// Ranks: where a value stands among those of the training set.
#pragma once

#include <armadillo>

namespace descent::data {

// `count` quantiles of each row, at most as many as there are samples: d x count, from the least to
// the greatest value. Between samples they are interpolated: of n equal weights, sample i in order
// is the quantile (i - 1) / (n - 1), and with weights half of each lies below it.
arma::mat quantiles(const arma::mat& rows, const arma::rowvec& weights, arma::uword count);

// The share in [0, 1] of each value among the quantiles of its row, interpolated; the middle of
// those that are equal to it, 0 at the least and below, 1 at the greatest and above.
arma::mat ranks(const arma::mat& quantiles, const arma::mat& rows);

}  // namespace descent::data
