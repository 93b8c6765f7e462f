// SPDX-License-Identifier: MIT
// The model's graph over a fixed set of samples, whose memory it looks at.
#pragma once

#include "autograd/graph.h"
#include "nn/model.h"
#include "train/samples.h"

namespace descent {

template <class T>
class Pass {
 public:
  // samples, weights and gradient must stay in place. Without a gradient the pass only predicts.
  Pass(const Model& model, const Samples<T>& samples, const arma::Col<T>& weights,
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

  // The loss at the current weights; writes its gradient into the vector given at construction.
  double differentiate(Loss<T>& loss) {
    const double value = loss.evaluate(predict(), samples_.targets, &prediction_.node()->gradient);
    graph_.backward();
    return value;
  }

  const Samples<T>& samples() const { return samples_; }

 private:
  const Samples<T>& samples_;
  Graph<T> graph_;
  Var<T> prediction_;
};

}  // namespace descent
