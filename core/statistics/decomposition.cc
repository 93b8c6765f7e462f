// SPDX-License-Identifier: MIT
#include "statistics/decomposition.h"

#include <fmt/format.h>

#include <cmath>

#include "statistics/bias_variance.h"
#include "statistics/jackknife.h"
#include "statistics/point_errors.h"

namespace descent::statistics {

namespace {

Decomposition describe(const GroupedAccumulators& pool, const DecompositionSettings& settings) {
  Decomposition d;
  const auto& whole = pool.whole();
  d.replicates = whole.count();
  d.groups = pool.counts().size();
  if (d.groups > 0) d.df = static_cast<double>(d.groups - 1);
  d.ci_level = settings.ci_level;
  d.se_method = pool.largest_group() > 1 ? fmt::format("group:{}", d.groups) : "jackknife";
  d.bias_includes_noise = !settings.target_is_truth;
  if (whole.loss_sum() > 0) d.max_replicate_share = whole.largest_loss() / whole.loss_sum();
  d.clipped = whole.clipped();
  if (whole.divergence() == Divergence::cross_entropy) d.clip_eps = whole.clip_eps();
  return d;
}

struct Jackknives {
  Jackknife loss, bias2, variance;
};

// Standard errors of bias2 and variance need a variance of what remains: two replicates at least.
Jackknives jackknives(const GroupedAccumulators& pool, const BiasVariance& whole,
                      const std::vector<BiasVariance>& without) {
  const auto& counts = pool.counts();
  const auto of = [&](double BiasVariance::*part) {
    std::vector<double> values;
    values.reserve(without.size());
    for (const auto& parts : without) values.push_back(parts.*part);
    return jackknife(whole.*part, values, counts);
  };
  Jackknives jack{of(&BiasVariance::loss), of(&BiasVariance::bias2), of(&BiasVariance::variance)};
  if (pool.whole().count() < pool.largest_group() + 2)
    jack.bias2.se = jack.variance.se = not_recorded;
  return jack;
}

// noise: what must be added to the loss of the parts for the total; entropy: what their bias2
// contains of the noise.
void fill_without(Decomposition& d, const GroupedAccumulators& pool, const BiasVariance& whole,
                  const std::vector<BiasVariance>& without, double noise, double entropy) {
  const auto add = [&](std::uint64_t left_out, const BiasVariance& parts) {
    d.without.push_back({left_out, noise + parts.loss, parts.bias2 - entropy, parts.variance});
  };
  add(0, whole);
  for (std::size_t g = 0; g < without.size(); ++g)
    add(static_cast<std::uint64_t>(pool.counts()[g]), without[g]);
}

// The plug-in parts add up to the mean loss exactly, so what is missing is rounding:
//   identity_residual = |noise_apart + bias2 + variance - loss| / |loss|
void fill_plugin(Decomposition& d, const BiasVariance& plugin, double noise_apart) {
  const double gap = std::abs(noise_apart + plugin.bias2 + plugin.variance - plugin.loss);
  d.identity_residual = gap == 0 ? 0 : gap / std::abs(plugin.loss);
  if (d.replicates < 2) return;
  d.bias2_plugin = plugin.bias2;
  d.variance_plugin = plugin.variance;
}

// se(bias2) = max(jackknife, se(variance) / sqrt(R)); see decomposition.h for the reason. variance
// has its interval on the log scale, as it cannot be negative.
void fill_bias_and_variance(Decomposition& d, double bias2, double variance,
                            const Jackknives& jack) {
  const double least = jack.variance.se / std::sqrt(static_cast<double>(d.replicates));
  d.floor_used = least > jack.bias2.se;
  d.bias2 = squared_length_estimate(bias2, d.bias2_plugin, jack.bias2.se, least, d.df, d.ci_level);
  d.variance = mean_square_estimate(variance, jack.variance.se, d.df, d.ci_level);
}

void fill_points(Decomposition& d, const PointEstimates& points) {
  d.se_points = errors_of(points);
  d.point_groups = groups_of(points);
}

void fill_total_and_excess(Decomposition& d, double total, double excess, double se) {
  d.total = sum_estimate(total, se, d.bias2, d.variance, d.df, d.ci_level);
  if (!d.bias_includes_noise)
    d.excess = sum_estimate(excess, se, d.bias2, d.variance, d.df, d.ci_level);
}

// Both estimates are unbiased as they are, so the jackknife gives only standard errors:
//   variance = M2 / (R - 1)    bias2 = |ebar|^2 - variance / R
// The loss against the truth f is the excess; total = noise + excess.
void fill_squared_error(Decomposition& d, const GroupedAccumulators& pool,
                        const DecompositionSettings& settings) {
  const auto whole = squared_error(pool);
  const auto without = squared_error_without_each(pool);
  const auto jack = jackknives(pool, whole, without);
  const double noise_apart = d.bias_includes_noise ? 0 : settings.noise;
  if (!d.bias_includes_noise) d.noise = noise_apart;
  fill_without(d, pool, whole, without, noise_apart, 0);
  fill_plugin(d, squared_error_plugin(pool), 0);
  fill_bias_and_variance(d, whole.bias2, whole.variance, jack);
  fill_total_and_excess(d, noise_apart + whole.loss, whole.loss, jack.loss.se);
  fill_points(d, squared_points(pool));
}

// The plug-in values have a bias of order 1/R, so the jackknife also corrects them:
//   variance = -log sum exp(l)    bias2 = (mean loss - variance) - entropy of q
// The loss against the true probabilities is the total, entropy included; excess = total - entropy.
void fill_cross_entropy(Decomposition& d, const GroupedAccumulators& pool, const arma::mat& q,
                        double scale) {
  auto plugin = cross_entropy(pool, q);
  const auto without = cross_entropy_without_each(pool);
  const auto jack = jackknives(pool, plugin, without);
  const double noise_apart = d.bias_includes_noise ? 0 : mean_entropy(q, scale, pool.weights());
  if (!d.bias_includes_noise) d.noise = noise_apart;
  fill_without(d, pool, plugin, without, 0, noise_apart);
  plugin.bias2 -= noise_apart;
  fill_plugin(d, plugin, noise_apart);
  fill_bias_and_variance(d, jack.bias2.corrected - noise_apart, jack.variance.corrected, jack);
  fill_total_and_excess(d, plugin.loss, plugin.loss - noise_apart, jack.loss.se);
  fill_points(d, entropy_points(pool, q, !d.bias_includes_noise));
}

}  // namespace

Decomposition decompose(const GroupSource<Accumulator>& groups, const arma::mat& target,
                        const DecompositionSettings& settings) {
  const GroupedAccumulators pool(groups, target, settings.scale, settings.weights);
  auto d = describe(pool, settings);
  if (d.replicates == 0) return d;
  if (pool.whole().divergence() == Divergence::squared_error)
    fill_squared_error(d, pool, settings);
  else
    fill_cross_entropy(d, pool, target, settings.scale);
  return d;
}

double mean_entropy(const arma::mat& probabilities, double scale, const PointWeights& weights) {
  double sum = 0;
  for (arma::uword i = 0; i < probabilities.n_elem; ++i) {
    const double p = probabilities[i];
    if (p > 0) sum -= weight_of(weights, i / probabilities.n_rows) * p * std::log(p);
  }
  return scale * sum / static_cast<double>(probabilities.n_cols);
}

}  // namespace descent::statistics
