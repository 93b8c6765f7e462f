// SPDX-License-Identifier: MIT
// Absolute loss: James' effects about the median of the replicates.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

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

// Errors by row of an output of a test point, and its weight.
struct Errors {
  const arma::mat& values;
  const PointWeights& weights;

  double weight(arma::uword row) const {
    return weights.is_empty() ? 1 : weights[row * weights.n_elem / values.n_rows];
  }
};

// The values of absolute_terms without the replicates first .. last - 1. With the median m of the
// errors e_r at a point, and the expected loss L:
//   total = mean L(e_r)               systematic = L(m) - L(0)    variance = mean (L(e_r) - L(m))
//   spread = mean |e_r - m|           bias = |m|
// so that L(0) + systematic + variance = total.
std::vector<double> absolute_values(const Errors& all, arma::uword first, arma::uword last,
                                    const ExpectedLoss& loss) {
  const auto& errors = all.values;
  double total = 0, systematic = 0, variance = 0, bias = 0, spread = 0;
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
    const double weight = all.weight(i);
    total += weight * sum / n;
    variance += weight * effect / n;
    spread += weight * distance / n;
    systematic += weight * (loss(main) - loss(0));
    bias += weight * std::abs(main);
  }
  const auto points = static_cast<double>(errors.n_rows);
  return {total / points, systematic / points, variance / points, bias / points, spread / points};
}

TermTable absolute_table(const std::vector<Predictions>& groups, const Errors& errors,
                         const ExpectedLoss& loss) {
  TermTable table{absolute_values(errors, 0, 0, loss), {}, {}};
  arma::uword first = 0;
  for (const auto& group : groups) {
    table.counts.push_back(static_cast<double>(group.count()));
    if (groups.size() > 1)
      table.without.push_back(absolute_values(errors, first, first + group.count(), loss));
    first += group.count();
  }
  return table;
}

double largest_share(const Errors& errors, const ExpectedLoss& loss) {
  double largest = 0, all = 0;
  for (arma::uword r = 0; r < errors.values.n_cols; ++r) {
    double sum = 0;
    for (arma::uword i = 0; i < errors.values.n_rows; ++i)
      sum += errors.weight(i) * loss(errors.values(i, r));
    largest = std::max(largest, sum);
    all += sum;
  }
  return all > 0 ? largest / all : not_recorded;
}

}  // namespace

Decomposition decompose(std::span<const Predictions> all, const arma::mat& target,
                        const DecompositionSettings& settings) {
  Decomposition d;
  const auto groups = coarsened(all);
  if (groups.empty()) return d;
  Predictions whole;
  for (const auto& group : groups) whole.merge(group);
  const Errors errors{whole.errors(), settings.weights};
  if (errors.values.n_rows != target.n_elem)
    throw Error(fmt::format("predictions of {} values were kept, the targets are {}",
                            errors.values.n_rows, target.n_elem));
  const ExpectedLoss loss(settings.target_is_truth ? settings.normal_sd : 0);
  const auto table = absolute_table(groups, errors, loss);
  fill_effects(d, absolute_terms, table, settings);
  d.replicates = whole.count();
  d.max_replicate_share = largest_share(errors, loss);
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
