// SPDX-License-Identifier: MIT
// Penalties on the Jacobian J of the model's outputs with respect to its inputs, and their exact
// gradient in the weights: with G the derivative of the penalty in J, each row j of J adds the
// derivative of its gradient in the weights along the row g of G, as d/dw (g . j) is the mixed
// second derivative of the output along g. The samples are taken a few at a time.
#pragma once

#include <algorithm>

#include "autograd/graph.h"
#include "host/regularizer.h"
#include "nn/model.h"
#include "train/samples.h"

namespace descent::train {

template <class T>
class JacobianPenalty {
 public:
  // model and weights must stay in place. samples: how many there are at most.
  JacobianPenalty(const nn::Model& model, arma::uword samples, const arma::Col<T>& weights)
      : weights_(weights),
        inputs_(model.inputs(), std::min(samples, at_once), arma::fill::zeros),
        slope_(arma::size(inputs_)),
        gradient_(weights.n_elem),
        jacobians_(model.outputs() * model.inputs(), inputs_.n_cols),
        directions_(arma::size(jacobians_)),
        input_(graph_.parameter(inputs_.memptr(), slope_.memptr(), inputs_.n_rows, inputs_.n_cols)),
        output_(model.record(input_, weights, &gradient_)) {
    graph_.add_tangents();
  }
  JacobianPenalty(const JacobianPenalty&) = delete;

  // The mean of the penalty over the samples, by their weights. Its gradient is ADDED to gradient
  // unless that is null.
  double add(host::Regularizer<T>& penalty, const Samples<T>& samples, arma::Col<T>* gradient) {
    double sum = 0;
    for (arma::uword first = 0; first < samples.size(); first += inputs_.n_cols)
      sum += add_from(first, penalty, samples, gradient);
    return sum;
  }

 private:
  static constexpr arma::uword at_once = 64;

  double add_from(arma::uword first, host::Regularizer<T>& penalty, const Samples<T>& samples,
                  arma::Col<T>* gradient) {
    const auto count = std::min(inputs_.n_cols, samples.size() - first);
    inputs_.head_cols(count) = samples.features.cols(first, first + count - 1);
    graph_.forward();
    for (arma::uword k = 0; k < output_.rows(); ++k) {
      differentiate(k);
      each_of(
          k, [](T& j, T slope) { j = slope; }, jacobians_, slope_);
    }
    directions_.zeros();  // also of the columns beyond count
    double sum = 0;
    for (arma::uword j = 0; j < count; ++j)
      sum += of_sample(j, share_of(samples, first + j), penalty, gradient != nullptr);
    for (arma::uword k = 0; gradient && k < output_.rows(); ++k) carry(k, *gradient);
    return sum;
  }

  // Of the mean; 1/n without weights, which have mean 1 over the training set.
  static double share_of(const Samples<T>& samples, arma::uword j) {
    const auto& weights = samples.targets.weights;
    return (weights.is_empty() ? 1 : double(arma::mean(weights.col(j)))) / double(samples.size());
  }

  double of_sample(arma::uword j, double share, host::Regularizer<T>& penalty, bool with_gradient) {
    if (share == 0) return 0;
    const arma::Col<T> jacobian(jacobians_.colptr(j), jacobians_.n_rows, false, true);
    arma::Col<T> direction(directions_.colptr(j), directions_.n_rows, false, true);
    const double value = penalty.penalty(jacobian, with_gradient ? &direction : nullptr);
    direction *= T(share);
    return share * value;
  }

  // The gradients of output k of each sample: in slope_ those in the inputs.
  void differentiate(arma::uword k) {
    output_.node()->gradient.zeros();
    output_.node()->gradient.row(k).ones();
    graph_.backward();
  }

  // Adds the derivative of the weights' gradient of output k along its row of the directions.
  void carry(arma::uword k, arma::Col<T>& gradient) {
    differentiate(k);
    each_of(
        k, [](T direction, T& tangent) { tangent = direction; }, directions_,
        input_.node()->tangents->value);
    graph_.forward_tangent();
    output_.node()->tangents->gradient.zeros();
    graph_.backward_tangent();
    graph_.each_parameter([&](Node<T>& leaf) {
      if (&leaf == input_.node()) return;
      const auto& moved = leaf.tangents->gradient;
      T* const out = gradient.memptr() + (leaf.value.memptr() - weights_.memptr());
      for (arma::uword i = 0; i < moved.n_elem; ++i) out[i] += moved[i];
    });
  }

  // Row k of every sample's Jacobian, outputs x inputs in a column, with the column of inputs.
  template <class Visit>
  void each_of(arma::uword k, Visit&& visit, arma::Mat<T>& rows, arma::Mat<T>& of_inputs) {
    for (arma::uword j = 0; j < of_inputs.n_cols; ++j)
      for (arma::uword i = 0; i < of_inputs.n_rows; ++i)
        visit(rows(k + output_.rows() * i, j), of_inputs(i, j));
  }

  const arma::Col<T>& weights_;
  arma::Mat<T> inputs_, slope_;
  arma::Col<T> gradient_;
  arma::Mat<T> jacobians_, directions_;  // a column a sample
  Graph<T> graph_;
  Var<T> input_, output_;
};

}  // namespace descent::train
