// SPDX-License-Identifier: MIT
#include "host/loss.h"

#include <algorithm>

#include "host/matrix_view.h"

namespace descent::host {

template <class T>
Loss<T>::Loss(Plugin plugin, std::vector<double> hyperparameters, arma::Col<T> class_weight,
              descent_reduction reduction)
    : plugin_(std::move(plugin)),
      hyperparameters_(std::move(hyperparameters)),
      class_weight_(std::move(class_weight)),
      reduction_(reduction) {
  plugin_.refuse_conflict(hyperparameters_);
}

template <class T>
descent_loss_call Loss<T>::call(const arma::Mat<T>& prediction, const Targets<T>& targets,
                                arma::Mat<T>* gradient, descent_reduction reduction) const {
  descent_loss_call call{};
  call.prediction = view(prediction);
  call.target = view(targets.values);
  call.classes = targets.classes.empty() ? nullptr : targets.classes.data();
  call.weights = view(targets.weights);
  call.class_weight = view(class_weight_);
  call.reduction = reduction;
  call.seed = seed_;
  if (gradient) call.gradient = view(*gradient);
  return call;
}

template <class T>
double Loss<T>::run(descent_loss_call& call) {
  scratch_.run(plugin_, [&](descent_scratch* scratch) {
    call.scratch = scratch;
    return plugin_->loss[element_index<T>](hyperparameters_.data(), &call);
  });
  if (!is_divided_ || call.reduction != reduction_) return call.value;
  const auto samples = double(call.prediction.cols);
  for (const auto& written : {call.gradient, call.gradient_tangent})
    if (written.data) {
      auto* const first = static_cast<T*>(written.data);
      std::for_each(first, first + written.rows * written.cols,
                    [&](T& value) { value = T(double(value) / samples); });
    }
  return call.value / samples;
}

template <class T>
double Loss<T>::evaluate(const arma::Mat<T>& prediction, const Targets<T>& targets,
                         arma::Mat<T>* gradient, descent_reduction reduction) {
  auto here = call(prediction, targets, gradient, reduction);
  return run(here);
}

template <class T>
double Loss<T>::evaluate_twice(const arma::Mat<T>& prediction, const Targets<T>& targets,
                               arma::Mat<T>& gradient, const arma::Mat<T>& tangent,
                               arma::Mat<T>& gradient_tangent) {
  if (!(plugin_->traits & DESCENT_TWICE))
    throw std::runtime_error(plugin_.label() + " gives no second derivatives");
  auto here = call(prediction, targets, &gradient, reduction_);
  here.tangent = view(tangent);
  here.gradient_tangent = view(gradient_tangent);
  return run(here);
}

template class Loss<float>;
template class Loss<double>;

}  // namespace descent::host
