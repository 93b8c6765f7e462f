// SPDX-License-Identifier: MIT
// The model's graph over a fixed set of samples; it refers to their memory.
#pragma once

#include "autograd/graph.h"
#include "nn/model.h"
#include "train/samples.h"

namespace descent::train {

template <class T>
class ModelPass {
 public:
  // samples, weights and gradient must stay in place. Without a gradient the pass only predicts.
  ModelPass(const nn::Model& model, const Samples<T>& samples, const arma::Col<T>& weights,
            arma::Col<T>* gradient)
      : samples_(samples),
        prediction_(model.record(graph_.constant(samples.features.memptr(), samples.features.n_rows,
                                                 samples.features.n_cols),
                                 weights, gradient)) {}

  const arma::Mat<T>& predict() {
    graph_.forward();
    return prediction_.value();
  }

  const arma::Mat<T>& prediction() const { return prediction_.value(); }  // of the last predict()

  // The loss at the current weights; without one the prediction is itself what is minimized.
  double evaluate(host::Loss<T>* loss) { return value_of(predict(), loss, nullptr); }

  // The same; writes its gradient into the vector given at construction.
  double differentiate(host::Loss<T>* loss) {
    const double value = value_of(predict(), loss, &prediction_.node()->gradient);
    graph_.backward();
    return value;
  }

  const Samples<T>& samples() const { return samples_; }

 private:
  double value_of(const arma::Mat<T>& prediction, host::Loss<T>* loss, arma::Mat<T>* gradient) {
    if (loss) return loss->evaluate(prediction, samples_.targets, gradient);
    if (gradient) gradient->ones();
    return double(prediction(0));
  }

  const Samples<T>& samples_;
  Graph<T> graph_;
  Var<T> prediction_;
};

}  // namespace descent::train
