// SPDX-License-Identifier: MIT
// Expected loss = noise + bias + variance over replicates, on a fixed test set, with intervals.
//
// Squared error [Geman, Bienenstock & Doursat, 1992], R replicates, errors e_r = prediction - f:
//   variance = mean of s^2 (divisor R - 1)      bias2 = mean of ebar^2 - variance/R
//   Both are unbiased; so bias2 may be negative and is never clipped.
// Cross-entropy [Heskes, 1998; Gruber & Buettner, 2023], l = mean over replicates of log p:
//   the central prediction is the normalised geometric mean, pbar = exp(l)/sum exp(l)
//   variance = -log sum exp(l)                  bias2 = KL(q || pbar)
//   These plug-in values are off by order 1/R; the jackknife removes it from both.
//
// Standard errors: the jackknife over the groups, the test points held fixed. That of bias2 is at
// least se(variance)/sqrt(R): where the true bias vanishes, or is orthogonal to the predictions'
// covariance, the estimate is of second order and the jackknife alone covers too rarely.
// Intervals: t with groups - 1 degrees of freedom, the variance's on the log scale; that of bias2
// has no bound below 0, unlike the estimate (squared_length_estimate); those of total and excess
// follow from both (sum_estimate).
//
// 0-1 and absolute loss have no such split: only Bregman divergences do, up to a change of
// variables [Heskes, 2025]. What the literature calls bias and variance there is reported as
// effects, each under the name of its definition, while bias2 and variance stay NaN.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "statistics/accumulator.h"
#include "statistics/estimate.h"
#include "statistics/group_source.h"
#include "statistics/predictions.h"
#include "statistics/votes.h"

namespace descent::statistics {

struct DecompositionSettings {
  // Whether the accumulators were given f = E[y|x], or the true class probabilities; else observed
  // labels.
  bool target_is_truth = false;
  // Squared error against the truth: Var[y|x], the weighted mean over the test points, in the units
  // of the result; NaN: not known. With cross-entropy it is the mean entropy of the true
  // probabilities.
  double noise = not_recorded;
  // Of the test points, as the replicates were added with.
  PointWeights weights{};
  // Every quantity is the sum over rows, the weighted mean over columns, times this: 1/k for a loss
  // that is the mean over k outputs.
  double scale = 1;
  double ci_level = 0.95;
  // Absolute loss against the truth: the standard deviation of the normal noise about it, >= 0.
  double normal_sd = not_recorded;
};

// A quantity of a loss without bias2 and variance.
struct Effect {
  std::string definition;  // domingos, kong_dietterich, kohavi_wolpert, james, bound
  std::string term;
  Estimate estimate;
};

// Input of the jackknife: the estimates of all replicates, then of all but each group, both before
// the jackknife corrects them. In the terms of Decomposition: the noise in total, not in
// bias2.
struct LeaveOneOut {
  std::uint64_t left_out = 0;  // replicates; 0: none
  double total = not_recorded, bias2 = not_recorded, variance = not_recorded;
};

// Standard errors over test points alone, for test points that are themselves a sample: the error
// over both replicates and points is the root of the sum of squares (two-way clustering; Cameron,
// Gelbach & Miller, 2011), slightly more than is due.
struct PointErrors {
  double total = not_recorded, bias2 = not_recorded, variance = not_recorded;
};

// The means of a group of test points: input of the error of a difference over test points.
struct PointGroup {
  std::uint64_t points = 0;
  double total = not_recorded, bias2 = not_recorded, variance = not_recorded;
};

inline constexpr std::uint64_t most_point_groups = 50;

// Undefined values are NaN. One replicate defines only total and excess; standard errors and bounds
// of bias2 and variance need two remaining replicates when any group is left out.
struct Decomposition {
  // The expected test loss: noise + bias2 + variance where the target is the truth (NaN when the
  // noise of squared error is not known); against labels bias2 + variance, the noise in bias2.
  Estimate total;
  Estimate bias2, variance;
  Estimate excess;        // bias2 + variance; NaN against labels
  PointErrors se_points;  // squared error and cross-entropy of replicates by themselves
  double noise = not_recorded;
  bool bias_includes_noise = true;

  double bias2_plugin = not_recorded, variance_plugin = not_recorded;
  double identity_residual = not_recorded;  // |bias + variance - mean loss| / |mean loss|; rounding

  std::uint64_t replicates = 0, groups = 0;  // groups that are not empty
  double df = not_recorded;                  // groups - 1
  double ci_level = not_recorded;
  std::string se_method;    // "jackknife", or "group:G" where a group holds several
  bool floor_used = false;  // se(variance)/sqrt(R) is bias2's standard error
  double max_replicate_share = not_recorded;  // the largest replicate's share of the summed losses
  std::uint64_t clipped = 0;                  // log probabilities raised to log(clip_eps)
  double clip_eps = not_recorded;             // cross-entropy only

  // As se_points, of at most most_point_groups groups; of equally many points always the same ones.
  std::vector<PointGroup> point_groups;
  // First of all replicates. Of 0-1 and absolute loss, and of crossed or pooled blocks, empty.
  std::vector<LeaveOneOut> without;

  std::vector<Effect> effects;        // 0-1 and absolute loss only
  std::optional<std::uint64_t> ties;  // 0-1 only: test points with several most frequent classes
};

// groups: in replicate order; empty ones are left out. target: what the replicates were added
// with. Throws Error when the accumulators and the target are not of one test set.
Decomposition decompose(const GroupSource<Accumulator>& groups, const arma::mat& target,
                        const DecompositionSettings& settings = {});

// 0-1 loss, the mean over test points. target: C x m probabilities, against labels one-hot. Main
// prediction: the most frequent class; optimal prediction y*: the most probable one; of equals the
// first. p: the share of replicates predicting a class.
//   domingos [2000]         noise N = 1 - q(y*), bias B = [main != y*], variance V = 1 - p(main),
//                           variance_unbiased and variance_biased: V where B is 0 and 1;
//                           total = weighted_noise (c1 N) + bias + net_variance (c2 V), where c2 is
//                           1 without bias and below 0 with it: variance may lower the error
//   kong_dietterich [1995]  bias B, variance = total - B, which may be negative
//   kohavi_wolpert [1996]   halves of 1 - sum q^2, sum (q - p)^2 and 1 - sum p^2 as noise, bias2,
//                           variance; unbiased: variance R/(R-1), bias2 less variance/R
//   james [2003]            total = noise + systematic_effect + variance_effect, the loss of main
//                           beyond that of y*, and of the predictions beyond that of main
// A mode is not a smooth function of the replicates: they are left out in at most coarse_groups
// groups instead of one by one.
Decomposition decompose(const GroupSource<Votes>& groups, const arma::mat& target,
                        const DecompositionSettings& settings = {});

// Absolute loss, the mean over outputs and test points; main prediction: the median. James' effects
// as above; against the truth the expected loss over normal noise of normal_sd. `bound`: absolute
// bias and spread about the median; their sum with the noise is an upper bound of the total.
Decomposition decompose(const GroupSource<Predictions>& groups, const arma::mat& target,
                        const DecompositionSettings& settings = {});

inline constexpr std::uint64_t coarse_groups = 20;

// The weighted mean over columns of -sum q log q, times scale.
double mean_entropy(const arma::mat& probabilities, double scale = 1,
                    const PointWeights& weights = {});

}  // namespace descent::statistics
