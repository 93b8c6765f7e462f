// SPDX-License-Identifier: MIT
// The gradient of each sample of a batch: the part of the batch's gradient that comes through the
// prediction for this sample, times the number of samples, so that their mean is the whole,
// whatever the loss. Takes memory for a column of weights a sample.
#pragma once

#include "nn/model.h"
#include "train/model_pass.h"

namespace descent::train {

template <class T>
class SampleGradients {
 public:
  // weights must stay in place.
  SampleGradients(const nn::Model& model, const Samples<T>& samples, const arma::Col<T>& weights)
      : sample_(like(samples, 1)),
        gradient_(weights.n_elem),
        pass_(model, sample_, weights, &gradient_) {}

  // Of the batch; its prediction has this gradient.
  void compute(const Samples<T>& batch, const arma::Mat<T>& slopes, host::Loss<T>& loss) {
    const auto n = batch.size();
    const T share = loss.is_sum() ? T(n) : T(1);  // so that their mean is the loss
    gradients_.set_size(gradient_.n_elem, n);
    values_.set_size(n);
    for (std::uint64_t i = 0; i < n; ++i) {
      gather(batch, std::span(&i, 1), sample_);
      values_(i) = share * T(pass_.evaluate(&loss));
      pass_.pull(T(n) * slopes.col(i));
      gradients_.col(i) = gradient_;
    }
  }

  const arma::Mat<T>& gradients() const { return gradients_; }
  const arma::Col<T>& values() const { return values_; }  // the loss of each sample alone

 private:
  Samples<T> sample_;
  arma::Col<T> gradient_;
  ModelPass<T> pass_;
  arma::Mat<T> gradients_;
  arma::Col<T> values_;
};

}  // namespace descent::train
