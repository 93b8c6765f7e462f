// SPDX-License-Identifier: MIT
// Principal component analysis (Pearson 1901) of the samples of a training set.
#pragma once

#include <armadillo>

namespace descent::data {

struct PrincipalComponents {
  arma::mat mean;        // d x 1
  arma::mat components;  // count x d: a unit vector a row, by decreasing variance
};

// Of samples in columns, by their weights; empty: all 1. The sign of a component is such that its
// entry of the largest size is positive. REQUIRES: at least count rows. Throws Error for fewer
// samples.
PrincipalComponents principal_components(const arma::mat& samples, const arma::rowvec& weights,
                                         arma::uword count);

}  // namespace descent::data
