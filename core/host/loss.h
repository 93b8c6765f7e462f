// SPDX-License-Identifier: MIT
// A loss plugin at work: value and gradient of the reduced loss of a batch.
#pragma once

#include <armadillo>
#include <vector>

#include "host/plugin.h"
#include "host/scratch.h"

namespace descent::host {

// Targets of a batch, whichever kind there is.
template <class T>
struct Targets {
  arma::Mat<T> values;                // k x n, or empty
  std::vector<std::int64_t> classes;  // n, or empty
  arma::Mat<T> weights;               // empty, 1 x n or k x n
};

template <class T>
class Loss {
 public:
  Loss(Plugin plugin, std::vector<double> hyperparameters, arma::Col<T> class_weight,
       descent_reduction reduction);

  // The loss of k x n predictions. Writes the gradient unless it is null (then it is of the
  // prediction's size). Throws std::runtime_error with the plugin's message.
  double evaluate(const arma::Mat<T>& prediction, const Targets<T>& targets,
                  arma::Mat<T>* gradient) {
    return evaluate(prediction, targets, gradient, reduction_);
  }
  double evaluate(const arma::Mat<T>& prediction, const Targets<T>& targets, arma::Mat<T>* gradient,
                  descent_reduction reduction);

  // The same with the gradient, and the gradient's derivative along a direction in which the
  // prediction moves. Throws std::runtime_error when the plugin gives no second derivatives.
  double evaluate_twice(const arma::Mat<T>& prediction, const Targets<T>& targets,
                        arma::Mat<T>& gradient, const arma::Mat<T>& tangent,
                        arma::Mat<T>& gradient_tangent);

  // Of the random stream of a loss that draws: for the evaluations until it is set again.
  void set_seed(std::uint64_t seed) { seed_ = seed; }

  // Whether it is a sum over the samples, not divided by anything.
  bool is_sum() const { return reduction_ == DESCENT_SUM && !is_divided_; }

  // Of a reduction to the sum: divide it by the number of samples.
  void divide_by_samples() { is_divided_ = true; }
  const Plugin& plugin() const { return plugin_; }

  // Overwrites the working memory; its contents are undefined between calls.
  void fill_scratch(std::byte value) { scratch_.fill(value); }

 private:
  Plugin plugin_;
  std::vector<double> hyperparameters_;
  arma::Col<T> class_weight_;
  descent_loss_call call(const arma::Mat<T>& prediction, const Targets<T>& targets,
                         arma::Mat<T>* gradient, descent_reduction reduction) const;
  double run(descent_loss_call& call);

  descent_reduction reduction_;
  bool is_divided_ = false;
  std::uint64_t seed_ = 0;
  Scratch scratch_;
};

}  // namespace descent::host
