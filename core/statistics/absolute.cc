// SPDX-License-Identifier: MIT
// Absolute loss: James' effects about the median of the replicates.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "statistics/effects.h"

namespace descent::statistics {
namespace {

constexpr std::array<Term, 5> absolute_terms{{{"", "total"},
                                              {"james", "systematic_effect"},
                                              {"james", "variance_effect"},
                                              {"bound", "absolute_bias"},
                                              {"bound", "absolute_spread"}}};

// E|z - e|, z normal with mean 0 and this sd: the mean of a folded normal,
//   sd sqrt(2 / pi) exp(-e^2 / (2 sd^2)) + e erf(e / (sd sqrt 2)); without noise |e|.
class ExpectedLoss {
 public:
  explicit ExpectedLoss(double sd) : sd_(sd) {}

  double operator()(double error) const {
    if (!(sd_ > 0)) return std::abs(error);
    const double z = error / sd_;
    return sd_ * std::sqrt(2 / arma::datum::pi) * std::exp(-z * z / 2) +
           error * std::erf(z / std::sqrt(2.0));
  }

 private:
  double sd_;
};

// The median; of an even number of values the mean of the middle two. Reorders the values.
double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

// Sums over test points, without the replicates first .. last - 1. With the median m of the errors
// e_r at a point, and the expected loss L:
//   total = mean L(e_r)               systematic = L(m) - L(0)    variance = mean (L(e_r) - L(m))
//   spread = mean |e_r - m|           bias = |m|
// so that L(0) + systematic + variance = total.
struct AbsoluteSums {
  arma::uword first = 0, last = 0;
  double total = 0, systematic = 0, variance = 0, bias = 0, spread = 0;

  // errors: test points x replicates. weights: of the test points. Without any replicate there is
  // nothing to add.
  void add(const arma::mat& errors, const arma::rowvec& weights, const ExpectedLoss& loss) {
    if (last - first == errors.n_cols) return;
    std::vector<double> kept;
    for (arma::uword i = 0; i < errors.n_rows; ++i) {
      kept.clear();
      for (arma::uword r = 0; r < errors.n_cols; ++r)
        if (r < first || r >= last) kept.push_back(errors(i, r));
      const double main = median_of(kept), n = static_cast<double>(kept.size());
      double sum = 0, effect = 0, distance = 0;
      for (const double error : kept) {
        sum += loss(error);
        effect += loss(error) - loss(main);
        distance += std::abs(error - main);
      }
      const double weight = weights[i];
      total += weight * sum / n;
      variance += weight * effect / n;
      spread += weight * distance / n;
      systematic += weight * (loss(main) - loss(0));
      bias += weight * std::abs(main);
    }
  }

  // In the order of absolute_terms.
  std::vector<double> means(double points) const {
    return {total / points, systematic / points, variance / points, bias / points, spread / points};
  }
};

// The weight of each output of each test point.
arma::rowvec weights_of(const PointWeights& weights, const arma::mat& target) {
  arma::rowvec all(target.n_elem);
  for (arma::uword i = 0; i < all.n_elem; ++i) all[i] = weight_of(weights, i / target.n_rows);
  return all;
}

// The errors of some test points, replicates as columns.
arma::mat errors_at(const GroupSource<Predictions>& groups, arma::uword first, arma::uword last,
                    arma::uword replicates) {
  arma::mat errors(last - first, replicates);
  arma::uword column = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& group = groups[g];
    if (group.count() == 0) continue;
    errors.cols(column, column + group.count() - 1) = group.errors().rows(first, last - 1);
    column += group.count();
  }
  return errors;
}

// All replicates, then all but each group, neighbours together until there are few.
std::vector<AbsoluteSums> sums_over(const std::vector<arma::uword>& counts) {
  std::vector<AbsoluteSums> sums(1);
  std::size_t group = 0;
  arma::uword first = 0;
  for (const auto& range : groups_of(counts.size(), coarse_groups)) {
    auto last = first;
    for (; group < range.first + range.count; ++group) last += counts[group];
    sums.push_back({first, last});
    first = last;
  }
  return sums;
}

// Sums over test points of all errors, a part of the points in memory at a time.
struct AbsoluteErrors {
  std::vector<AbsoluteSums> sums;
  arma::rowvec losses;  // of each replicate

  void add_all(const GroupSource<Predictions>& groups, const arma::rowvec& weights,
               const ExpectedLoss& loss) {
    constexpr arma::uword most_values = 4 << 20;
    const auto replicates = losses.n_elem, points = weights.n_elem;
    const auto at_once = std::max<arma::uword>(1, most_values / replicates);
    for (arma::uword first = 0; first < points; first += at_once) {
      const auto end = std::min(points, first + at_once);
      auto errors = errors_at(groups, first, end, replicates);
      const arma::rowvec here = weights.cols(first, end - 1);
      for (auto& one : sums) one.add(errors, here, loss);
      errors.transform(loss);
      losses += here * errors;
    }
  }

  double largest_share() const {
    const double all = arma::accu(losses);
    return all > 0 ? losses.max() / all : not_recorded;
  }

  TermTable table(double points) const {
    TermTable table{sums[0].means(points), {}, {}};
    for (std::size_t g = 1; g < sums.size(); ++g) {
      table.counts.push_back(static_cast<double>(sums[g].last - sums[g].first));
      if (sums.size() > 2) table.without.push_back(sums[g].means(points));
    }
    return table;
  }
};

}  // namespace

Decomposition decompose(const GroupSource<Predictions>& groups, const arma::mat& target,
                        const DecompositionSettings& settings) {
  Decomposition d;
  std::vector<arma::uword> counts;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& group = groups[g];
    if (group.count() == 0) continue;
    counts.push_back(group.count());
    if (group.errors().n_rows != target.n_elem)
      throw Error(fmt::format("predictions of {} values were kept, the targets are {}",
                              group.errors().n_rows, target.n_elem));
  }
  if (counts.empty()) return d;
  const auto replicates = std::accumulate(counts.begin(), counts.end(), arma::uword(0));
  const ExpectedLoss loss(settings.target_is_truth ? settings.normal_sd : 0);
  AbsoluteErrors errors{sums_over(counts), arma::rowvec(replicates, arma::fill::zeros)};
  errors.add_all(groups, weights_of(settings.weights, target), loss);
  const auto table = errors.table(static_cast<double>(target.n_elem));
  fill_effects(d, absolute_terms, table, settings);
  d.replicates = replicates;
  d.max_replicate_share = errors.largest_share();
  const double noise = loss(0),
               gap = std::abs(noise + table.whole[1] + table.whole[2] - table.whole[0]);
  d.identity_residual = gap == 0 ? 0 : gap / table.whole[0];
  if (settings.target_is_truth) {
    d.noise = noise;
    d.excess = t_estimate(d.total.value - noise, d.total.se, d.df, d.ci_level);
  }
  return d;
}

}  // namespace descent::statistics
