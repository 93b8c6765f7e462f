// SPDX-License-Identifier: MIT
#include "train/running_loss.h"

namespace descent::train {
namespace {

// The weight of each class, found from the plugin itself: of one sample, the sum is weight times
// the mean.
template <class T>
std::vector<double> class_weights(host::Loss<T>& loss, arma::uword outputs) {
  const arma::Mat<T> prediction(outputs, 1, arma::fill::value(T(-1)));
  std::vector<double> weights;
  for (arma::uword c = 0; c < outputs; ++c) {
    host::Targets<T> one;
    one.classes = {std::int64_t(c)};
    const double mean = loss.evaluate(prediction, one, nullptr, DESCENT_MEAN);
    const double sum = loss.evaluate(prediction, one, nullptr, DESCENT_SUM);
    weights.push_back(sum == 0 ? 0 : sum / mean);
  }
  return weights;
}

}  // namespace

template <class T>
std::vector<double> divisors(host::Loss<T>& loss, const host::Targets<T>& targets,
                             arma::uword outputs) {
  if (!(loss.plugin()->traits & DESCENT_WEIGHTED_MEAN) || targets.classes.empty()) return {};
  const auto weights = class_weights(loss, outputs);
  std::vector<double> all;
  for (std::size_t j = 0; j < targets.classes.size(); ++j)
    all.push_back(weights[std::size_t(targets.classes[j])] *
                  (targets.weights.is_empty() ? 1 : double(targets.weights(j))));
  return all;
}

template std::vector<double> divisors(host::Loss<float>&, const host::Targets<float>&, arma::uword);
template std::vector<double> divisors(host::Loss<double>&, const host::Targets<double>&,
                                      arma::uword);

void RunningLoss::add(double loss, std::span<const std::uint64_t> samples) {
  double divisor = divisors_.empty() ? double(samples.size()) : 0;
  if (!divisors_.empty())
    for (const auto i : samples) divisor += divisors_[i];
  sum_ += is_sum_ ? loss : divisor * loss;
  divisor_ += divisor;
}

}  // namespace descent::train
