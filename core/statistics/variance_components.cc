// SPDX-License-Identifier: MIT
#include "statistics/variance_components.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "statistics/jackknife.h"

namespace descent::statistics {
namespace {

// The sums of an analysis of variance, in the units of the result.
struct SquareSums {
  double blocks, size;
  double mean_square;             // |grand mean|^2
  double within, between, inner;  // of squares: within blocks, of block means, of position means
  double loss;
};

// The parts of the mean loss, as indices of an array.
struct Share {
  enum Index { loss, bias2, variance, outer, inner, interaction, count };
};
using Shares = std::array<double, Share::count>;

SquareSums sums_of(const Blocks& blocks, double scale) {
  const auto a = static_cast<double>(blocks.count()), b = static_cast<double>(blocks.size());
  const double unit = scale / static_cast<double>(blocks.points());
  const arma::vec grand = blocks.grand_mean();
  return {a,
          b,
          arma::dot(grand, grand) * unit,
          blocks.within() * unit,
          blocks.between() * unit,
          a * arma::accu(arma::square(blocks.means().each_col() - grand)) * unit,
          scale * blocks.loss_sum() / (a * b)};
}

// The same without one position of every block. A block mean becomes m' = (b m - e) / (b - 1), so
//   sum |m'|^2 = (b^2 sum |m|^2 - 2 b sum <e, m> + sum |e|^2) / (b - 1)^2
//   within' = sum of the remaining |e|^2 - (b - 1) sum |m'|^2    between' = sum |m'|^2 - a
//   |grand'|^2
SquareSums sums_without(const Blocks& blocks, arma::uword position, double scale) {
  const auto a = static_cast<double>(blocks.count()), b = static_cast<double>(blocks.size());
  const double unit = scale / static_cast<double>(blocks.points());
  arma::mat means = blocks.means();
  means.shed_col(position);
  const arma::vec grand = arma::mean(means, 1), all = blocks.grand_mean();
  const double block_squares = blocks.between() + a * arma::dot(all, all);
  const double rest_squares =
      (b * b * block_squares - 2 * b * blocks.products()[position] + blocks.squares()[position]) /
      ((b - 1) * (b - 1));
  const double squares = arma::accu(blocks.squares()) - blocks.squares()[position];
  return {a,
          b - 1,
          arma::dot(grand, grand) * unit,
          (squares - (b - 1) * rest_squares) * unit,
          (rest_squares - a * arma::dot(grand, grand)) * unit,
          a * arma::accu(arma::square(means.each_col() - grand)) * unit,
          squares * unit / (a * (b - 1))};
}

double over(double sum, double df) { return df > 0 ? sum / df : not_recorded; }

Shares shares_of(const SquareSums& s, Design design) {
  const double a = s.blocks, b = s.size;
  const double spread = over(s.between, a - 1);  // s^2 of the block means
  // One pool: variance = s^2 within partitions, bias2 = mean loss - variance.
  if (design == Design::partitions) {
    const double within = over(s.within, a * (b - 1));
    const double rest = s.mean_square + s.between / a + s.within / (a * b) - within;
    return {s.loss, rest, within, not_recorded, not_recorded, not_recorded};
  }
  // E s^2 within = inner and E spread = outer + inner / b; bias2 = |mean|^2 - spread / a.
  if (design == Design::nested) {
    const double within = over(s.within, a * (b - 1)), data = spread - within / b;
    return {s.loss, s.mean_square - spread / a, data + within, data, within, not_recorded};
  }
  // Two-way analysis of variance: E MS_E = interaction, E MS_D = interaction + b outer with
  // MS_D = b spread, E MS_O = interaction + a inner.
  const double ms_e = over(s.within - s.inner, (a - 1) * (b - 1));
  const double data = (b * spread - ms_e) / b, seeds = (over(s.inner, b - 1) - ms_e) / a;
  const double bias = s.mean_square - data / a - seeds / b - ms_e / (a * b);
  return {s.loss, bias, data + seeds + ms_e, data, seeds, ms_e};
}

using ShareErrors = std::array<double, Share::count>;

ShareErrors errors_over(const Shares& whole, const std::vector<Shares>& without,
                        const std::vector<double>& counts) {
  ShareErrors errors;
  for (std::size_t i = 0; i < Share::count; ++i) {
    std::vector<double> values;
    for (const auto& one : without) values.push_back(one[i]);
    errors[i] = jackknife(whole[i], values, counts).se;
  }
  return errors;
}

// All but each group, by merging those before it with those after it: subtraction would cancel
// digits.
std::vector<Blocks> without_each(const std::vector<const Blocks*>& groups) {
  const auto n = groups.size();
  std::vector<Blocks> after(n, Blocks(groups[0]->size())), rest = after;
  for (auto g = n - 1; g > 0; --g) {
    after[g - 1] = *groups[g];
    after[g - 1].merge(after[g]);
  }
  Blocks before(groups[0]->size());
  for (std::size_t g = 0; g < n; ++g) {
    rest[g] = before;
    rest[g].merge(after[g]);
    before.merge(*groups[g]);
  }
  return rest;
}

// se^2 = the jackknife over data sets; crossed: + the jackknife over seeds.
ShareErrors errors_of(const std::vector<const Blocks*>& groups, const Blocks& whole,
                      const Shares& found, Design design, double scale) {
  std::vector<Shares> without;
  std::vector<double> counts;
  if (groups.size() > 1)
    for (const auto& rest : without_each(groups))
      without.push_back(shares_of(sums_of(rest, scale), design));
  for (const auto* group : groups) counts.push_back(static_cast<double>(group->count()));
  auto errors = errors_over(found, without, counts);
  if (design != Design::crossed) return errors;
  without.clear();
  for (arma::uword s = 0; s < whole.size(); ++s)
    without.push_back(shares_of(sums_without(whole, s, scale), design));
  const auto of_seeds = errors_over(found, without, std::vector<double>(whole.size(), 1));
  for (std::size_t i = 0; i < Share::count; ++i) errors[i] = std::hypot(errors[i], of_seeds[i]);
  return errors;
}

void fill_shares(Decomposition& d, const Attribution& a, const Shares& found,
                 const ShareErrors& se) {
  if (a.design == Design::partitions) return;
  const bool crossed = a.design == Design::crossed;
  const auto add = [&](const std::string& term, Share::Index part) {
    d.effects.push_back({crossed ? "crossed" : "nested", term,
                         t_estimate(found[part], se[part], d.df, d.ci_level)});
  };
  add(a.outer, Share::outer);
  add(a.inner, Share::inner);
  if (crossed) add("interaction", Share::interaction);
}

void fill_estimates(Decomposition& d, const Shares& found, const ShareErrors& se, double draws,
                    const DecompositionSettings& settings) {
  const double noise = settings.target_is_truth ? settings.noise : 0;
  if (settings.target_is_truth) d.noise = noise;
  const double least = se[Share::variance] / std::sqrt(draws);
  d.floor_used = least > se[Share::bias2];
  d.total = t_estimate(noise + found[Share::loss], se[Share::loss], d.df, d.ci_level);
  d.bias2 =
      t_estimate(found[Share::bias2], d.floor_used ? least : se[Share::bias2], d.df, d.ci_level);
  d.variance = log_t_estimate(found[Share::variance], se[Share::variance], d.df, d.ci_level);
  if (settings.target_is_truth)
    d.excess = t_estimate(found[Share::loss], se[Share::loss], d.df, d.ci_level);
}

}  // namespace

Decomposition decompose(std::span<const Blocks> all, const arma::mat& target,
                        const Attribution& attribution, const DecompositionSettings& settings) {
  Decomposition d;
  d.ci_level = settings.ci_level;
  d.bias_includes_noise = !settings.target_is_truth;
  std::vector<const Blocks*> groups;
  for (const auto& group : all)
    if (group.count() > 0) groups.push_back(&group);
  if (groups.empty()) return d;
  Blocks whole(groups[0]->size());
  for (const auto* group : groups) whole.merge(*group);
  if (whole.means().n_rows != target.n_elem)
    throw Error(fmt::format("predictions of {} values were accumulated, the targets are {}",
                            whole.means().n_rows, target.n_elem));

  const auto design = attribution.design;
  const auto sums = sums_of(whole, settings.scale);
  const auto found = shares_of(sums, design);
  const bool pooled = design == Design::partitions;
  ShareErrors se;
  se.fill(not_recorded);
  if (!pooled) se = errors_of(groups, whole, found, design, settings.scale);
  d.replicates = whole.replicates();
  d.groups = groups.size();
  const auto units =
      design == Design::crossed ? std::min<std::uint64_t>(d.groups, whole.size()) : d.groups;
  if (!pooled) d.df = static_cast<double>(units - 1);
  d.se_method = pooled                      ? "none"
                : design == Design::crossed ? "two-way"
                : whole.count() > d.groups  ? fmt::format("group:{}", d.groups)
                                            : "jackknife";
  const auto draws =
      design == Design::crossed ? std::min(whole.count(), whole.size()) : whole.count();
  fill_estimates(d, found, se, static_cast<double>(draws), settings);
  fill_shares(d, attribution, found, se);
  d.bias2_plugin = sums.mean_square;
  d.variance_plugin = sums.loss - sums.mean_square;
  const double gap = std::abs(found[Share::bias2] + found[Share::variance] - found[Share::loss]);
  d.identity_residual = gap == 0 ? 0 : gap / found[Share::loss];
  if (whole.loss_sum() > 0) d.max_replicate_share = whole.largest_loss() / whole.loss_sum();
  return d;
}

}  // namespace descent::statistics
