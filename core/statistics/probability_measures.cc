// SPDX-License-Identifier: MIT
#include "statistics/probability_measures.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent::statistics {
namespace {

// The weighted mean over samples of of(j).
template <class F>
double mean_over_samples(const PredictedProbabilities& p, const F& of) {
  double sum = 0, weights = 0;
  for (arma::uword j = 0; j < p.predicted.n_cols; ++j) {
    const double w = weight_of(p.weights, j);
    sum += w * of(j);
    weights += w;
  }
  return sum / weights;
}

}  // namespace

double log_loss(const PredictedProbabilities& p) {
  constexpr double e = std::numeric_limits<double>::epsilon();
  return mean_over_samples(p, [&](arma::uword j) {
    const arma::vec clipped = arma::clamp(p.predicted.col(j), e, 1 - e);
    return -arma::dot(p.target.col(j), arma::log(clipped / arma::accu(clipped)));
  });
}

double brier(const PredictedProbabilities& p) {
  return mean_over_samples(p, [&](arma::uword j) {
    return arma::accu(arma::square(p.predicted.col(j) - p.target.col(j)));
  });
}

double calibration_error(const PredictedProbabilities& p) {
  constexpr arma::uword bins = 15;
  arma::vec confidence(bins, arma::fill::zeros), right(bins, arma::fill::zeros);
  double all = 0;
  for (arma::uword j = 0; j < p.predicted.n_cols; ++j) {
    const double w = weight_of(p.weights, j), largest = p.predicted.col(j).max();
    const auto bin =
        arma::uword(std::clamp(std::ceil(largest * double(bins)) - 1, 0.0, double(bins - 1)));
    confidence[bin] += w * largest;
    if (p.predicted.col(j).index_max() == p.target.col(j).index_max()) right[bin] += w;
    all += w;
  }
  return arma::accu(arma::abs(confidence - right)) / all;
}

double top_k_accuracy(const PredictedProbabilities& p, arma::uword k) {
  return mean_over_samples(p, [&](arma::uword j) {
    const auto column = p.predicted.col(j);
    const auto truth = p.target.col(j).index_max();
    arma::uword before = 0;
    for (arma::uword c = 0; c < column.n_elem; ++c)
      before += column(c) > column(truth) || (column(c) == column(truth) && c > truth);
    return before < k ? 1.0 : 0.0;
  });
}

}  // namespace descent::statistics
