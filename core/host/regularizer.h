// SPDX-License-Identifier: MIT
// A regularizer plugin at work on its part of the weights.
#pragma once

#include <armadillo>
#include <vector>

#include "host/plugin.h"
#include "host/scratch.h"

namespace descent::host {

template <class T>
class Regularizer {
 public:
  // blocks name the parts of the vectors this regularizer will see and must outlive it.
  Regularizer(Plugin plugin, std::vector<double> hyperparameters,
              const std::vector<descent_block>& blocks);

  // The penalty; its gradient is ADDED to gradient unless that is null. 0 of a constraint.
  double penalty(const arma::Col<T>& weights, arma::Col<T>* gradient);

  // Adds the derivative of the gradient along a direction: the Hessian times v. Throws
  // std::runtime_error when the plugin gives no second derivatives.
  void add_hessian_times(const arma::Col<T>& weights, const arma::Col<T>& v, arma::Col<T>& product);

  // weights = argmin_u |u - weights|^2 / 2 + step * penalty(u).
  void proximal(arma::Col<T>& weights, double step);

  // Overwrites the working memory; its contents are undefined between calls.
  void fill_scratch(std::byte value) { scratch_.fill(value); }

 private:
  Plugin plugin_;
  std::vector<double> hyperparameters_;
  const std::vector<descent_block>& blocks_;
  Scratch scratch_;
};

}  // namespace descent::host
