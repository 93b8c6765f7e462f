// SPDX-License-Identifier: MIT
#include "host/regularizer.h"

#include "host/matrix_view.h"

namespace descent::host {

template <class T>
Regularizer<T>::Regularizer(Plugin plugin, std::vector<double> hyperparameters,
                            const std::vector<descent_block>& blocks)
    : plugin_(std::move(plugin)), hyperparameters_(std::move(hyperparameters)), blocks_(blocks) {
  plugin_.refuse_conflict(hyperparameters_);
}

template <class T>
double Regularizer<T>::penalty(const arma::Col<T>& weights, arma::Col<T>* gradient) {
  if (!plugin_->penalty[element_index<T>]) return 0;
  descent_penalty_call call{};
  call.weights = view(weights);
  if (gradient) call.gradient = view(*gradient);
  call.blocks = blocks_.data();
  call.block_count = blocks_.size();
  scratch_.run(plugin_, [&](descent_scratch* scratch) {
    call.scratch = scratch;
    return plugin_->penalty[element_index<T>](hyperparameters_.data(), &call);
  });
  return call.value;
}

template <class T>
void Regularizer<T>::add_hessian_times(const arma::Col<T>& weights, const arma::Col<T>& v,
                                       arma::Col<T>& product) {
  if (!plugin_->penalty[element_index<T>]) return;
  if (!(plugin_->traits & DESCENT_TWICE))
    throw std::runtime_error(plugin_.label() + " gives no second derivatives");
  arma::Col<T> gradient(weights.n_elem, arma::fill::zeros);
  descent_penalty_call call{};
  call.weights = view(weights);
  call.gradient = view(gradient);
  call.tangent = view(v);
  call.gradient_tangent = view(product);
  call.blocks = blocks_.data();
  call.block_count = blocks_.size();
  scratch_.run(plugin_, [&](descent_scratch* scratch) {
    call.scratch = scratch;
    return plugin_->penalty[element_index<T>](hyperparameters_.data(), &call);
  });
}

template <class T>
void Regularizer<T>::proximal(arma::Col<T>& weights, double step) {
  descent_proximal_call call{};
  call.weights = view(weights);
  call.step = step;
  call.blocks = blocks_.data();
  call.block_count = blocks_.size();
  scratch_.run(plugin_, [&](descent_scratch* scratch) {
    call.scratch = scratch;
    return plugin_->proximal[element_index<T>](hyperparameters_.data(), &call);
  });
}

template class Regularizer<float>;
template class Regularizer<double>;

}  // namespace descent::host
