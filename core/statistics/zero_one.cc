// SPDX-License-Identifier: MIT
// 0-1 loss: the zero_one_terms of four definitions from the votes of the replicates.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "statistics/effects.h"

namespace descent::statistics {
namespace {

constexpr std::array<Term, 15> zero_one_terms{{{"", "total"},
                                               {"domingos", "noise"},
                                               {"domingos", "weighted_noise"},
                                               {"domingos", "bias"},
                                               {"domingos", "variance"},
                                               {"domingos", "variance_unbiased"},
                                               {"domingos", "variance_biased"},
                                               {"domingos", "net_variance"},
                                               {"kong_dietterich", "bias"},
                                               {"kong_dietterich", "variance"},
                                               {"kohavi_wolpert", "noise"},
                                               {"kohavi_wolpert", "bias2"},
                                               {"kohavi_wolpert", "variance"},
                                               {"james", "systematic_effect"},
                                               {"james", "variance_effect"}}};

// What the predictions are compared with. Without the true probabilities q is one-hot.
struct Truth {
  const arma::mat& q;
  const PointWeights& weights;
  bool is_known;
};

// Weighted means over test points; those of Kohavi and Wolpert are plug-in values from the shares
// of votes.
struct VoteMeans {
  double noise = 0, weighted_noise = 0, bias = 0, variance_unbiased = 0, variance_biased = 0;
  double net_variance = 0, kw_noise = 0, kw_bias2 = 0, kw_variance = 0;
  double systematic = 0, variance_effect = 0;
};

// p: shares of votes, q: probabilities of the target, of one test point. The weights of Domingos'
// theorem are multiplied out: with c1 (1 - P(y* is predicted)) (1 - q(y*)) no quotient is left, and
// c2 V of a biased point is -P(y* is predicted).
void add_point(VoteMeans& sum, const arma::vec& p, const arma::vec& q, double weight) {
  const auto star = q.index_max(), main = p.index_max();
  const double right = arma::dot(p, q);
  const bool biased = main != star;
  sum.noise += weight * (1 - q[star]);
  sum.weighted_noise += weight * (p[star] * (1 - q[star]) - (right - p[star] * q[star]));
  sum.bias += weight * biased;
  (biased ? sum.variance_biased : sum.variance_unbiased) += weight * (1 - p[main]);
  sum.net_variance += weight * (biased ? -p[star] : 1 - p[main]);
  sum.kw_noise += weight * (1 - arma::dot(q, q)) / 2;
  sum.kw_bias2 += weight * arma::accu(arma::square(q - p)) / 2;
  sum.kw_variance += weight * (1 - arma::dot(p, p)) / 2;
  sum.systematic += weight * (q[star] - q[main]);
  sum.variance_effect += weight * (q[main] - right);
}

VoteMeans means_of(const Votes& votes, const Truth& truth) {
  const auto& [q, weights, known] = truth;
  VoteMeans sum;
  const auto replicates = static_cast<double>(votes.count());
  for (arma::uword j = 0; j < q.n_cols; ++j)
    add_point(sum, arma::conv_to<arma::vec>::from(votes.counts().col(j)) / replicates, q.col(j),
              weight_of(weights, j));
  for (double* value : {&sum.noise, &sum.weighted_noise, &sum.bias, &sum.variance_unbiased,
                        &sum.variance_biased, &sum.net_variance, &sum.kw_noise, &sum.kw_bias2,
                        &sum.kw_variance, &sum.systematic, &sum.variance_effect})
    *value /= static_cast<double>(q.n_cols);
  return sum;
}

double mean_vote_loss(const Votes& votes) {
  return votes.loss_sum() / static_cast<double>(votes.count());
}

// In the order of `zero_one_terms`. Against labels the noise is not known: it would be 0 by
// construction. The correction V / (R - 1) turns Kohavi and Wolpert's plug-in variance V into
// V R / (R - 1), and takes from bias2 that variance divided by R.
std::vector<double> zero_one_values(const Votes& votes, const Truth& truth) {
  const auto m = means_of(votes, truth);
  const bool known = truth.is_known;
  const double total = mean_vote_loss(votes), r = static_cast<double>(votes.count());
  const double correction = r > 1 ? m.kw_variance / (r - 1) : not_recorded;
  return {total,
          known ? m.noise : not_recorded,
          known ? m.weighted_noise : not_recorded,
          m.bias,
          m.variance_unbiased + m.variance_biased,
          m.variance_unbiased,
          m.variance_biased,
          m.net_variance,
          m.bias,
          total - m.bias,
          known ? m.kw_noise : not_recorded,
          m.kw_bias2 - correction,
          m.kw_variance + correction,
          m.systematic,
          m.variance_effect};
}

// How far the three definitions with a sum are from the total: each must add up to it exactly.
double vote_residual(const Votes& votes, const Truth& truth) {
  const auto m = means_of(votes, truth);
  const double total = mean_vote_loss(votes);
  const double gap = std::max({std::abs(m.weighted_noise + m.bias + m.net_variance - total),
                               std::abs(m.kw_noise + m.kw_bias2 + m.kw_variance - total),
                               std::abs(m.noise + m.systematic + m.variance_effect - total)});
  // Relative to at least one error, as a classifier may make none at all.
  return gap / std::max(total, 1 / static_cast<double>(truth.q.n_cols * votes.count()));
}

std::uint64_t ties(const Counts& counts) {
  std::uint64_t points = 0;
  for (arma::uword j = 0; j < counts.n_cols; ++j) {
    const auto most = counts.col(j).max();
    arma::uword classes = 0;
    for (arma::uword k = 0; k < counts.n_rows; ++k) classes += counts(k, j) == most;
    points += classes > 1;
  }
  return points;
}

TermTable zero_one_table(const std::vector<Votes>& groups, const Votes& whole, const Truth& truth) {
  TermTable table{zero_one_values(whole, truth), {}, {}};
  for (const auto& group : groups) {
    table.counts.push_back(static_cast<double>(group.count()));
    if (groups.size() == 1) continue;
    auto rest = whole;
    rest.remove(group);
    table.without.push_back(zero_one_values(rest, truth));
  }
  return table;
}

}  // namespace

Decomposition decompose(const GroupSource<Votes>& all, const arma::mat& target,
                        const DecompositionSettings& settings) {
  Decomposition d;
  const auto groups = coarsened(all);
  if (groups.empty()) return d;
  Votes whole;
  for (const auto& group : groups) whole.merge(group);
  const auto& counts = whole.counts();
  if (counts.n_rows != target.n_rows || counts.n_cols != target.n_cols)
    throw Error(fmt::format("votes of {} x {} were counted, the targets are {} x {}", counts.n_rows,
                            counts.n_cols, target.n_rows, target.n_cols));
  const Truth truth{target, settings.weights, settings.target_is_truth};
  fill_effects(d, zero_one_terms, zero_one_table(groups, whole, truth), settings);
  d.replicates = whole.count();
  d.ties = ties(counts);
  d.identity_residual = vote_residual(whole, truth);
  if (whole.loss_sum() > 0) d.max_replicate_share = whole.largest_loss() / whole.loss_sum();
  if (settings.target_is_truth) {
    d.noise = means_of(whole, truth).noise;
    d.excess = t_estimate(d.total.value - d.noise, d.total.se, d.df, d.ci_level);
  }
  return d;
}

}  // namespace descent::statistics
