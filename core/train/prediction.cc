// SPDX-License-Identifier: MIT
#include "train/prediction.h"

#include <cmath>

namespace descent::train {
namespace {

double log_sum_exp(const arma::vec& x) {
  const double largest = x.max();
  return largest + std::log(arma::accu(arma::exp(x - largest)));
}

template <class T>
double binary_share(T threshold, const T* prediction, const arma::Col<T>& target) {
  arma::uword right = 0;
  for (arma::uword i = 0; i < target.n_elem; ++i)
    right += (prediction[i] > threshold) == (target(i) > T(0.5));
  return double(right) / double(target.n_elem);
}

// Of sample j: whether its class is predicted, or the share of its binary outputs that are right.
template <class T>
double share_right(descent_prediction kind, const arma::Mat<T>& prediction,
                   const host::Targets<T>& targets, arma::uword j) {
  if (is_binary(kind) || kind == DESCENT_VALUES)
    return binary_share(kind == DESCENT_BINARY_PROBABILITIES ? T(0.5) : T(0), prediction.colptr(j),
                        arma::Col<T>(targets.values.col(j)));
  const auto answer =
      targets.classes.empty() ? targets.values.col(j).index_max() : arma::uword(targets.classes[j]);
  return prediction.col(j).index_max() == answer;
}

// log sigmoid(z), without cancellation or overflow.
double log_sigmoid(double z) {
  return z < 0 ? z - std::log1p(std::exp(z)) : -std::log1p(std::exp(-z));
}

}  // namespace

Estimated estimated(descent_prediction prediction, data::TargetKind targets) {
  using enum data::TargetKind;
  switch (prediction) {
    case DESCENT_LOGITS:
    case DESCENT_LOG_PROBABILITIES:
      return targets == classes || targets == distributions ? Estimated::classes
                                                            : Estimated::nothing;
    case DESCENT_BINARY_LOGITS:
    case DESCENT_BINARY_PROBABILITIES:
      return targets == probabilities ? Estimated::classes : Estimated::nothing;
    case DESCENT_VALUES:
      if (targets == signs) return Estimated::signs;
      break;
    case DESCENT_MEANS_AND_VARIANCES:
    case DESCENT_RATES:
    case DESCENT_LOG_RATES:
      break;
  }
  return targets == classes || targets == log_distributions ? Estimated::nothing
                                                            : Estimated::numbers;
}

template <class T>
arma::rowvec counted_weights(const host::Targets<T>& targets, std::int64_t ignored) {
  arma::rowvec weights = arma::vectorise(arma::conv_to<arma::mat>::from(targets.weights)).t();
  if (ignored < 0 || targets.classes.empty()) return weights;
  if (weights.is_empty()) weights.ones(targets.classes.size());
  for (arma::uword j = 0; j < weights.n_elem; ++j)
    if (targets.classes[j] == ignored) weights[j] = 0;
  return weights;
}

template <class T>
double accuracy(descent_prediction kind, const arma::Mat<T>& prediction,
                const host::Targets<T>& targets, std::int64_t ignored) {
  const auto weights = counted_weights(targets, ignored);
  double right = 0, all = 0;
  for (arma::uword j = 0; j < prediction.n_cols; ++j) {
    const double weight = weights.is_empty() ? 1 : weights[j];
    right += weight * share_right(kind, prediction, targets, j);
    all += weight;
  }
  return right / all;
}

template <class T>
arma::mat log_probabilities(descent_prediction kind, const arma::Mat<T>& prediction) {
  arma::mat x = arma::conv_to<arma::mat>::from(prediction);
  if (!is_binary(kind)) {
    if (kind == DESCENT_LOGITS)
      for (arma::uword j = 0; j < x.n_cols; ++j) x.col(j) -= log_sum_exp(x.col(j));
    return x;
  }
  arma::mat both(2, x.n_elem);
  for (arma::uword i = 0; i < x.n_elem; ++i) {
    both(0, i) = kind == DESCENT_BINARY_LOGITS ? log_sigmoid(-x(i)) : std::log1p(-x(i));
    both(1, i) = kind == DESCENT_BINARY_LOGITS ? log_sigmoid(x(i)) : std::log(x(i));
  }
  return both;
}

template <class T>
arma::mat target_probabilities(descent_prediction kind, arma::uword outputs,
                               const host::Targets<T>& targets) {
  if (!targets.classes.empty()) {
    arma::mat q(outputs, targets.classes.size(), arma::fill::zeros);
    for (arma::uword j = 0; j < q.n_cols; ++j) q(arma::uword(targets.classes[j]), j) = 1;
    return q;
  }
  arma::mat t = arma::conv_to<arma::mat>::from(targets.values);
  if (!is_binary(kind)) return t;
  arma::mat both(2, t.n_elem);
  both.row(1) = arma::vectorise(t).t();
  both.row(0) = 1 - both.row(1);
  return both;
}

template arma::rowvec counted_weights(const host::Targets<float>&, std::int64_t);
template arma::rowvec counted_weights(const host::Targets<double>&, std::int64_t);
template double accuracy(descent_prediction, const arma::Mat<float>&, const host::Targets<float>&,
                         std::int64_t);
template double accuracy(descent_prediction, const arma::Mat<double>&, const host::Targets<double>&,
                         std::int64_t);
template arma::mat log_probabilities(descent_prediction, const arma::Mat<float>&);
template arma::mat log_probabilities(descent_prediction, const arma::Mat<double>&);
template arma::mat target_probabilities(descent_prediction, arma::uword,
                                        const host::Targets<float>&);
template arma::mat target_probabilities(descent_prediction, arma::uword,
                                        const host::Targets<double>&);

}  // namespace descent::train
