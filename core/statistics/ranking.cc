// SPDX-License-Identifier: MIT
#include "statistics/ranking.h"

namespace descent::statistics {
namespace {

struct Weight {
  double positive = 0, negative = 0;
};

// Calls use(before, up_to) for every threshold, from the highest: the weights of the samples above
// it, and of those at or above it. Gives those of all samples.
template <class F>
Weight for_each_threshold(const arma::rowvec& scores, const arma::urowvec& is_positive,
                          const PointWeights& weights, const F& use) {
  const arma::uvec order = arma::stable_sort_index(scores, "descend");
  Weight before, up_to;
  for (arma::uword i = 0; i < order.n_elem; ++i) {
    const auto j = order[i];
    (is_positive[j] ? up_to.positive : up_to.negative) += weight_of(weights, j);
    if (i + 1 < order.n_elem && scores[order[i + 1]] == scores[j]) continue;
    use(before, up_to);
    before = up_to;
  }
  return up_to;
}

bool has_both(const Weight& all) { return all.positive > 0 && all.negative > 0; }

}  // namespace

double roc_auc(const arma::rowvec& scores, const arma::urowvec& is_positive,
               const PointWeights& weights) {
  double area = 0;
  const auto all = for_each_threshold(
      scores, is_positive, weights, [&](const Weight& before, const Weight& up_to) {
        area += (up_to.negative - before.negative) * (before.positive + up_to.positive) / 2;
      });
  return has_both(all) ? area / (all.positive * all.negative) : arma::datum::nan;
}

double average_precision(const arma::rowvec& scores, const arma::urowvec& is_positive,
                         const PointWeights& weights) {
  double sum = 0;
  const auto all = for_each_threshold(
      scores, is_positive, weights, [&](const Weight& before, const Weight& up_to) {
        sum +=
            (up_to.positive - before.positive) * up_to.positive / (up_to.positive + up_to.negative);
      });
  return has_both(all) ? sum / all.positive : arma::datum::nan;
}

}  // namespace descent::statistics
