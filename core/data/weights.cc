// SPDX-License-Identifier: MIT
#include "data/weights.h"

#include <cmath>

namespace descent::data {
namespace {

// The power of two at or below the largest size of a value, so that division by it is exact; 1 of
// zeros.
double unit_of(const arma::rowvec& values) {
  const double largest = values.is_empty() ? 0 : arma::max(arma::abs(values));
  return largest > 0 ? std::ldexp(1.0, std::ilogb(largest)) : 1;
}

double mean_of(const arma::rowvec& values, const arma::rowvec& weights) {
  return weights.is_empty() ? arma::mean(values) : arma::dot(values, weights) / arma::accu(weights);
}

}  // namespace

arma::rowvec to_mean_one(const arma::rowvec& weights) {
  if (weights.is_empty()) return weights;
  const arma::rowvec scaled = weights / unit_of(weights);
  return scaled / arma::mean(scaled);
}

arma::vec weighted_mean(const arma::mat& rows, const arma::rowvec& weights) {
  arma::vec means(rows.n_rows);
  for (arma::uword i = 0; i < rows.n_rows; ++i) means[i] = mean_of(rows.row(i), weights);
  return means;
}

Standardizer::Standardizer(const arma::mat& rows, const arma::rowvec& weights)
    : unit_(rows.n_rows), mean_(rows.n_rows), sd_(rows.n_rows) {
  for (arma::uword i = 0; i < rows.n_rows; ++i) {
    arma::rowvec scaled = rows.row(i);
    // Compares the values themselves: rounding of the mean can leave a constant row a tiny sd.
    const bool is_constant = scaled.min() == scaled.max();
    unit_[i] = unit_of(scaled);
    scaled /= unit_[i];
    const double first = mean_of(scaled, weights);
    // What rounding of the first mean left over is the mean of the deviations.
    mean_[i] = first + mean_of(scaled - first, weights);
    sd_[i] = is_constant ? 0 : std::sqrt(mean_of(arma::square(scaled - mean_[i]), weights));
  }
}

arma::mat Standardizer::operator()(const arma::mat& rows) const {
  arma::mat scaled(rows.n_rows, rows.n_cols, arma::fill::zeros);
  for (arma::uword j = 0; j < rows.n_cols; ++j)
    for (arma::uword i = 0; i < rows.n_rows; ++i)
      if (sd_[i] > 0) scaled(i, j) = (rows(i, j) / unit_[i] - mean_[i]) / sd_[i];
  return scaled;
}

}  // namespace descent::data
