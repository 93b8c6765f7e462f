// SPDX-License-Identifier: MIT
#include "statistics/accumulator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace descent::statistics {
namespace {

void require_shape(const arma::mat& found, const arma::mat& wanted, const char* what) {
  if (found.n_rows == wanted.n_rows && found.n_cols == wanted.n_cols) return;
  throw Error(fmt::format("{} of {} x {} where {} x {} are accumulated: not the same test set",
                          what, found.n_rows, found.n_cols, wanted.n_rows, wanted.n_cols));
}

}  // namespace

Accumulator::Accumulator(Divergence divergence, double clip_eps)
    : divergence_(divergence), clip_eps_(clip_eps) {}

void Accumulator::add(const arma::mat& prediction, const arma::mat& target,
                      const PointWeights& weights) {
  require_shape(prediction, target, "predictions");
  if (count_ == 0) mean_.zeros(target.n_rows, target.n_cols);
  require_shape(prediction, mean_, "predictions");
  ++count_;
  const double sum = divergence_ == Divergence::squared_error
                         ? add_errors(weighted_errors(prediction, target, weights))
                         : add_log_probabilities(prediction, target, weights);
  const double loss = sum / static_cast<double>(target.n_cols);
  loss_sum_ += loss;
  largest_loss_ = std::max(largest_loss_, loss);
}

// Welford's update: with step = e - mean, mean += step / n and M2 += step (e - the new mean).
double Accumulator::add_errors(const arma::mat& errors) {
  const auto n = static_cast<double>(count_);
  if (count_ == 2) m2_.zeros(mean_.n_rows, mean_.n_cols);
  double sum = 0;
  for (arma::uword i = 0; i < mean_.n_elem; ++i) {
    const double error = errors[i];
    const double step = error - mean_[i];
    mean_[i] += step / n;
    if (count_ > 1) m2_[i] += step * (error - mean_[i]);
    sum += error * error;
  }
  return sum;
}

double Accumulator::add_log_probabilities(const arma::mat& log_p, const arma::mat& target,
                                          const PointWeights& weights) {
  const auto n = static_cast<double>(count_);
  const double least = std::log(clip_eps_);
  double sum = 0;
  for (arma::uword i = 0; i < mean_.n_elem; ++i) {
    const bool clip = log_p[i] < least;
    const double l = clip ? least : log_p[i];
    clipped_ += clip;
    mean_[i] += (l - mean_[i]) / n;
    sum -= weight_of(weights, i / mean_.n_rows) * target[i] * l;
  }
  return sum;
}

// Chan's formulas for a and b replicates: mean += shift b / (a + b), M2 += M2_b + shift^2 a b / (a
// + b).
void Accumulator::merge(const Accumulator& later) {
  if (divergence_ != later.divergence_ || clip_eps_ != later.clip_eps_)
    throw Error("accumulators of different losses or clipping cannot be merged");
  if (later.count_ == 0) return;
  if (count_ == 0) {
    *this = later;
    return;
  }
  require_shape(later.mean_, mean_, "an accumulator");
  const auto a = static_cast<double>(count_), b = static_cast<double>(later.count_);
  const arma::mat shift = later.mean_ - mean_;
  mean_ += shift * (b / (a + b));
  if (divergence_ == Divergence::squared_error) {
    if (m2_.is_empty()) m2_.zeros(mean_.n_rows, mean_.n_cols);
    if (!later.m2_.is_empty()) m2_ += later.m2_;
    m2_ += arma::square(shift) * (a * b / (a + b));
  }
  count_ += later.count_;
  clipped_ += later.clipped_;
  loss_sum_ += later.loss_sum_;
  largest_loss_ = std::max(largest_loss_, later.largest_loss_);
}

}  // namespace descent::statistics
