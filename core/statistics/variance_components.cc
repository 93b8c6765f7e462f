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

// The parts of the mean loss, as indices of an array; then the mean squares from which the parts
// are differences: s^2 of the block means and of the position means.
struct Share {
  enum Index { loss, bias2, variance, outer, inner, interaction, blocks, positions, count };
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
    return {s.loss,       rest,         within,       not_recorded,
            not_recorded, not_recorded, not_recorded, not_recorded};
  }
  // E s^2 within = inner and E spread = outer + inner / b; bias2 = |mean|^2 - spread / a.
  if (design == Design::nested) {
    const double within = over(s.within, a * (b - 1)), data = spread - within / b;
    return {
        s.loss,      s.mean_square - spread / a, data + within, data, within, not_recorded, spread,
        not_recorded};
  }
  // Two-way analysis of variance: E MS_E = interaction, E MS_D = interaction + b outer with
  // MS_D = b spread, E MS_O = interaction + a inner.
  const double ms_e = over(s.within - s.inner, (a - 1) * (b - 1));
  const double positions = over(s.inner, b - 1) / a;  // s^2 of the position means
  const double data = spread - ms_e / b, seeds = positions - ms_e / a;
  const double bias = s.mean_square - data / a - seeds / b - ms_e / (a * b);
  return {s.loss, bias, data + seeds + ms_e, data, seeds, ms_e, spread, positions};
}

using ShareErrors = std::array<double, Share::count>;

ShareErrors errors_over(const Shares& whole, const std::vector<Shares>& without,
                        const std::vector<double>& counts) {
  ShareErrors errors;
  for (std::size_t i = 0; i < Share::count; ++i) {
    std::vector<double> values;
    values.reserve(without.size());
    for (const auto& one : without) values.push_back(one[i]);
    errors[i] = jackknife(whole[i], values, counts).se;
  }
  return errors;
}

// The groups that are not empty, by their numbers in the source.
struct FilledBlocks {
  const GroupSource<Blocks>& source;
  std::vector<std::size_t> numbers;

  const Blocks& operator[](std::size_t i) const { return source[numbers[i]]; }
};

// Visits all but each group, in their order, by merging what remains: subtraction would cancel
// digits. Each half of a range is visited with the other half merged into what is outside, so that
// only log2(n) mergers are in memory.
template <class Visit>
void without_each(const FilledBlocks& groups, std::size_t first, std::size_t last,
                  const Blocks& outside, const Visit& visit) {
  if (last - first == 1) return visit(outside);
  const auto middle = first + (last - first) / 2;
  const auto with = [&](std::size_t from, std::size_t to) {
    auto more = outside;
    for (auto g = from; g < to; ++g) more.merge(groups[g]);
    return more;
  };
  without_each(groups, first, middle, with(middle, last), visit);
  without_each(groups, middle, last, with(first, middle), visit);
}

// Of all but each group.
std::vector<Shares> shares_without(const FilledBlocks& groups, const Blocks& whole, Design design,
                                   double scale) {
  std::vector<Shares> without;
  const auto n = groups.numbers.size();
  if (n > 1)
    without_each(groups, 0, n, Blocks(whole.size()), [&](const Blocks& rest) {
      without.push_back(shares_of(sums_of(rest, scale), design));
    });
  return without;
}

// se^2 = the jackknife over data sets; crossed: + the jackknife over seeds.
ShareErrors errors_of(const FilledBlocks& groups, const std::vector<Shares>& without_groups,
                      const Blocks& whole, const Shares& found, Design design, double scale) {
  std::vector<double> counts;
  for (std::size_t g = 0; g < groups.numbers.size(); ++g)
    counts.push_back(static_cast<double>(groups[g].count()));
  auto errors = errors_over(found, without_groups, counts);
  if (design != Design::crossed) return errors;
  std::vector<Shares> without;
  for (arma::uword s = 0; s < whole.size(); ++s)
    without.push_back(shares_of(sums_without(whole, s, scale), design));
  const auto of_seeds = errors_over(found, without, std::vector<double>(whole.size(), 1));
  for (std::size_t i = 0; i < Share::count; ++i) errors[i] = std::hypot(errors[i], of_seeds[i]);
  return errors;
}

// A mean square cannot be negative and has its interval on the log scale; a part that is the
// difference of two mean squares has that of the difference.
void fill_shares(Decomposition& d, const Attribution& attribution, const Shares& found,
                 const ShareErrors& se, const Blocks& whole) {
  if (attribution.design == Design::partitions) return;
  const bool crossed = attribution.design == Design::crossed;
  const auto a = static_cast<double>(whole.count()), b = static_cast<double>(whole.size());
  const auto add = [&](const std::string& term, const Estimate& estimate) {
    d.effects.push_back({crossed ? "crossed" : "nested", term, estimate});
  };
  const auto square = [&](Share::Index part, double over) {
    const bool of_blocks = part == Share::blocks, of_positions = part == Share::positions;
    const double df = of_blocks ? static_cast<double>(d.groups) - 1 : of_positions ? b - 1 : d.df;
    return mean_square_estimate(found[part] / over, se[part] / over, df, d.ci_level);
  };
  const auto rest = crossed ? Share::interaction : Share::inner;
  add(attribution.outer,
      difference_estimate(square(Share::blocks, 1), square(rest, b), se[Share::outer]));
  add(attribution.inner,
      crossed ? difference_estimate(square(Share::positions, 1), square(rest, a), se[Share::inner])
              : square(rest, 1));
  if (crossed) add("interaction", square(rest, 1));
}

// Blocks that share no seeds: those left out are all that a comparison needs.
void fill_without(Decomposition& d, const FilledBlocks& groups, const Shares& found,
                  const std::vector<Shares>& without, const DecompositionSettings& settings) {
  const double noise = settings.target_is_truth ? settings.noise : 0;
  const auto add = [&](std::uint64_t left_out, const Shares& shares) {
    d.without.push_back(
        {left_out, noise + shares[Share::loss], shares[Share::bias2], shares[Share::variance]});
  };
  if (without.empty()) return;
  add(0, found);
  for (std::size_t g = 0; g < without.size(); ++g) add(groups[g].replicates(), without[g]);
}

void fill_estimates(Decomposition& d, const Shares& found, const ShareErrors& se, double draws,
                    const DecompositionSettings& settings) {
  const double noise = settings.target_is_truth ? settings.noise : 0;
  if (settings.target_is_truth) d.noise = noise;
  const double least = se[Share::variance] / std::sqrt(draws);
  d.floor_used = least > se[Share::bias2];
  d.bias2 = squared_length_estimate(found[Share::bias2], d.bias2_plugin, se[Share::bias2], least,
                                    d.df, d.ci_level);
  d.variance = mean_square_estimate(found[Share::variance], se[Share::variance], d.df, d.ci_level);
  const auto sum = [&](double value) {
    return sum_estimate(value, se[Share::loss], d.bias2, d.variance, d.df, d.ci_level);
  };
  d.total = sum(noise + found[Share::loss]);
  if (settings.target_is_truth) d.excess = sum(found[Share::loss]);
}

}  // namespace

Decomposition decompose(const GroupSource<Blocks>& all, const arma::mat& target,
                        const Attribution& attribution, const DecompositionSettings& settings) {
  Decomposition d;
  d.ci_level = settings.ci_level;
  d.bias_includes_noise = !settings.target_is_truth;
  FilledBlocks groups{all, {}};
  for (std::size_t g = 0; g < all.size(); ++g)
    if (all[g].count() > 0) groups.numbers.push_back(g);
  if (groups.numbers.empty()) return d;
  Blocks whole = groups[0];
  for (std::size_t g = 1; g < groups.numbers.size(); ++g) whole.merge(groups[g]);
  if (whole.means().n_rows != target.n_elem)
    throw Error(fmt::format("predictions of {} values were accumulated, the targets are {}",
                            whole.means().n_rows, target.n_elem));

  const auto design = attribution.design;
  const auto sums = sums_of(whole, settings.scale);
  const auto found = shares_of(sums, design);
  const bool pooled = design == Design::partitions;
  ShareErrors se;
  se.fill(not_recorded);
  if (!pooled) {
    const auto without = shares_without(groups, whole, design, settings.scale);
    se = errors_of(groups, without, whole, found, design, settings.scale);
    if (design == Design::nested) fill_without(d, groups, found, without, settings);
  }
  d.replicates = whole.replicates();
  d.groups = groups.numbers.size();
  const auto units =
      design == Design::crossed ? std::min<std::uint64_t>(d.groups, whole.size()) : d.groups;
  if (!pooled) d.df = static_cast<double>(units - 1);
  d.se_method = pooled                      ? "none"
                : design == Design::crossed ? "two-way"
                : whole.count() > d.groups  ? fmt::format("group:{}", d.groups)
                                            : "jackknife";
  const auto draws =
      design == Design::crossed ? std::min(whole.count(), whole.size()) : whole.count();
  d.bias2_plugin = sums.mean_square;
  fill_estimates(d, found, se, static_cast<double>(draws), settings);
  fill_shares(d, attribution, found, se, whole);
  d.variance_plugin = sums.loss - sums.mean_square;
  const double gap = std::abs(found[Share::bias2] + found[Share::variance] - found[Share::loss]);
  d.identity_residual = gap == 0 ? 0 : gap / found[Share::loss];
  if (whole.loss_sum() > 0) d.max_replicate_share = whole.largest_loss() / whole.loss_sum();
  return d;
}

}  // namespace descent::statistics
