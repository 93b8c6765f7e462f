// SPDX-License-Identifier: MIT
#include "data/quantiles.h"

#include <algorithm>

namespace descent::data {
namespace {

// Sample i in order at places[i], from 0 to 1.
double interpolated(const arma::vec& sorted, const arma::vec& places, double place) {
  const auto above = std::lower_bound(places.begin(), places.end(), place) - places.begin();
  const auto i = arma::uword(std::min<long>(above, long(sorted.n_elem) - 1));
  if (i == 0 || places[i] == place) return sorted[i];
  const double share = (place - places[i - 1]) / (places[i] - places[i - 1]);
  return sorted[i - 1] + share * (sorted[i] - sorted[i - 1]);
}

arma::vec places_of(const arma::vec& weights) {
  const auto n = weights.n_elem;
  if (n == 1) return arma::vec{0};
  arma::vec places(n);
  const double whole = arma::accu(weights) - (weights[0] + weights[n - 1]) / 2;
  double below = 0;  // half of the first, the others up to here and half of this one
  for (arma::uword i = 1; i < n; ++i) {
    below += (weights[i - 1] + weights[i]) / 2;
    places[i] = below / whole;
  }
  places[0] = 0;
  places[n - 1] = 1;
  return places;
}

double rank(const arma::rowvec& q, double x) {
  const auto last = q.n_elem - 1;
  if (x <= q[0]) return 0;
  if (x >= q[last]) return 1;
  const auto first = arma::uword(std::lower_bound(q.begin(), q.end(), x) - q.begin());
  const auto end = arma::uword(std::upper_bound(q.begin(), q.end(), x) - q.begin());
  const double place = first < end ? double(first + end - 1) / 2
                                   : double(first) - (q[first] - x) / (q[first] - q[first - 1]);
  return place / double(last);
}

}  // namespace

arma::mat quantiles(const arma::mat& rows, const arma::rowvec& weights, arma::uword count) {
  const auto n = rows.n_cols;
  const auto m = std::min(count, n);
  arma::mat all(rows.n_rows, m);
  for (arma::uword j = 0; j < rows.n_rows; ++j) {
    const arma::vec x = rows.row(j).t();
    const arma::uvec order = arma::stable_sort_index(x);
    const arma::vec sorted = x.elem(order);
    const arma::vec ones(n, arma::fill::ones);
    const arma::vec places =
        places_of(weights.is_empty() ? ones : arma::vec(arma::vec(weights.t()).elem(order)));
    for (arma::uword k = 0; k < m; ++k)
      all(j, k) = m == n && weights.is_empty()
                      ? sorted[k]
                      : interpolated(sorted, places, m == 1 ? 0 : double(k) / double(m - 1));
  }
  return all;
}

arma::mat ranks(const arma::mat& quantiles, const arma::mat& rows) {
  arma::mat all(arma::size(rows));
  for (arma::uword j = 0; j < rows.n_rows; ++j) {
    const arma::rowvec q = quantiles.row(j);
    for (arma::uword i = 0; i < rows.n_cols; ++i) all(j, i) = rank(q, rows(j, i));
  }
  return all;
}

}  // namespace descent::data
