// SPDX-License-Identifier: MIT
#include "statistics/confusion.h"

#include <cmath>

namespace descent::statistics {
namespace {

// 0 where there is nothing to divide by.
arma::vec ratio(const arma::vec& part, const arma::vec& whole) {
  arma::vec all(part.n_elem, arma::fill::zeros);
  for (arma::uword i = 0; i < all.n_elem; ++i)
    if (whole[i] != 0) all[i] = part[i] / whole[i];
  return all;
}

bool is_constant(const arma::vec& counts) { return arma::accu(counts != 0) < 2; }

}  // namespace

arma::mat confusion(const std::vector<arma::uword>& truth,
                    const std::vector<arma::uword>& predicted, arma::uword classes,
                    const PointWeights& weights) {
  arma::mat counts(classes, classes, arma::fill::zeros);
  for (std::size_t j = 0; j < truth.size(); ++j)
    counts(truth[j], predicted[j]) += weight_of(weights, j);
  return counts;
}

ClassCounts counts_of_classes(const arma::mat& confusion) {
  const arma::vec right = confusion.diag(), actual = arma::sum(confusion, 1),
                  predicted = arma::sum(confusion, 0).t();
  const arma::uvec occur = arma::find(actual + predicted != 0);
  return {right(occur), predicted(occur), actual(occur)};
}

ClassCounts counts_of_outputs(const std::vector<arma::mat>& confusions) {
  const auto outputs = arma::uword(confusions.size());
  ClassCounts counts{arma::vec(outputs), arma::vec(outputs), arma::vec(outputs)};
  for (arma::uword i = 0; i < outputs; ++i) {
    const auto& one = confusions[i];
    counts.right[i] = one(1, 1);
    counts.predicted[i] = one(0, 1) + one(1, 1);
    counts.actual[i] = one(1, 0) + one(1, 1);
  }
  return counts;
}

double precision(const ClassCounts& c) { return arma::mean(ratio(c.right, c.predicted)); }

double recall(const ClassCounts& c) { return arma::mean(ratio(c.right, c.actual)); }

double f1(const ClassCounts& c) { return arma::mean(ratio(2 * c.right, c.predicted + c.actual)); }

ClassCounts pooled(const ClassCounts& c) {
  return {{arma::accu(c.right)}, {arma::accu(c.predicted)}, {arma::accu(c.actual)}};
}

double balanced_accuracy(const arma::mat& confusion) {
  const arma::vec actual = arma::sum(confusion, 1);
  const arma::uvec occur = arma::find(actual != 0);
  const arma::vec right = confusion.diag();
  return arma::mean(arma::vec(right(occur) / actual(occur)));
}

double matthews_correlation(const arma::mat& confusion) {
  const arma::vec actual = arma::sum(confusion, 1), predicted = arma::sum(confusion, 0).t();
  if (is_constant(actual) || is_constant(predicted)) return 0;
  const double all = arma::accu(confusion);
  const double together = arma::trace(confusion) * all - arma::dot(actual, predicted);
  return together / std::sqrt((all * all - arma::dot(predicted, predicted)) *
                              (all * all - arma::dot(actual, actual)));
}

}  // namespace descent::statistics
