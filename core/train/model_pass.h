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
        weights_(weights),
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

  // The gradient of the loss in the prediction, of the last differentiate().
  const arma::Mat<T>& slopes() const { return prediction_.node()->gradient; }

  // After a forward pass: carries such a gradient back to the weights.
  void pull(const arma::Mat<T>& slopes) {
    prediction_.node()->gradient = slopes;
    graph_.backward();
  }

  // product = the Hessian of the loss at the current weights times v. Throws std::runtime_error
  // when the loss gives no second derivatives. Writes the gradient, too.
  void hessian_times(host::Loss<T>* loss, const arma::Col<T>& v, arma::Col<T>& product) {
    const auto of = [&](const Node<T>& leaf, const arma::Col<T>& flat) {
      return arma::Mat<T>(const_cast<T*>(flat.memptr()) + (leaf.value.memptr() - weights_.memptr()),
                          leaf.value.n_rows, leaf.value.n_cols, /*copy=*/false, /*strict=*/true);
    };
    graph_.add_tangents();
    graph_.each_parameter([&](Node<T>& leaf) { leaf.tangents->value = of(leaf, v); });
    graph_.forward();
    graph_.forward_tangent();
    auto& node = *prediction_.node();
    if (loss) {
      loss->evaluate_twice(node.value, samples_.targets, node.gradient, node.tangents->value,
                           node.tangents->gradient);
    } else {
      node.gradient.ones();
      node.tangents->gradient.zeros();
    }
    graph_.backward();
    graph_.backward_tangent();
    graph_.each_parameter([&](Node<T>& leaf) { of(leaf, product) = leaf.tangents->gradient; });
  }

  const Samples<T>& samples() const { return samples_; }

 private:
  double value_of(const arma::Mat<T>& prediction, host::Loss<T>* loss, arma::Mat<T>* gradient) {
    if (loss) return loss->evaluate(prediction, samples_.targets, gradient);
    if (gradient) gradient->ones();
    return double(prediction(0));
  }

  const Samples<T>& samples_;
  const arma::Col<T>& weights_;
  Graph<T> graph_;
  Var<T> prediction_;
};

}  // namespace descent::train
