// SPDX-License-Identifier: MIT
#include "host/loss.h"

#include "host/matrix_view.h"

namespace descent::host {

template <class T>
Loss<T>::Loss(Plugin plugin, std::vector<double> hypers, arma::Col<T> class_weight,
              descent_reduction reduction)
    : plugin_(std::move(plugin)),
      hypers_(std::move(hypers)),
      class_weight_(std::move(class_weight)),
      reduction_(reduction) {
  plugin_.refuse_conflict(hypers_);
}

template <class T>
double Loss<T>::evaluate(const arma::Mat<T>& prediction, const Targets<T>& targets,
                         arma::Mat<T>* gradient, descent_reduction reduction) {
  descent_loss_call call{};
  call.prediction = view(prediction);
  call.target = view(targets.values);
  call.classes = targets.classes.empty() ? nullptr : targets.classes.data();
  call.weights = view(targets.weights);
  call.class_weight = view(class_weight_);
  call.reduction = reduction;
  if (gradient) call.gradient = view(*gradient);
  scratch_.run(plugin_, [&](descent_scratch* scratch) {
    call.scratch = scratch;
    return plugin_->loss[element_index<T>](hypers_.data(), &call);
  });
  return call.value;
}

template class Loss<float>;
template class Loss<double>;

}  // namespace descent::host
