// SPDX-License-Identifier: MIT
// What a step of an optimizer may ask of what it optimizes.
#pragma once

#include <armadillo>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>

namespace descent::host {

// The objective of the current batch at any weights; its gradient unless that is null.
template <class T>
using Objective = std::function<double(const arma::Col<T>& x, arma::Col<T>* gradient)>;

template <class T>
class StepContext {
 public:
  struct SampleGradients {
    const arma::Mat<T>& gradients;  // a column a sample; their mean is that of the loss
    const arma::Col<T>& values;     // the loss of each sample alone
  };

  virtual ~StepContext() = default;

  // The objective of the batch; its gradient unless that is null.
  virtual double evaluate(const arma::Col<T>& x, arma::Col<T>* gradient) = 0;
  virtual double evaluate_all(const arma::Col<T>& x, arma::Col<T>* gradient) = 0;  // of all samples
  virtual void hessian_times(const arma::Col<T>& x, const arma::Col<T>& v,
                             arma::Col<T>& product) = 0;
  virtual SampleGradients sample_gradients(const arma::Col<T>& x) = 0;  // valid for this step
  virtual void note(const char*, double) {}

  std::uint64_t epoch = 1;
  std::uint64_t seed = 0;                                   // of the step's random stream
  double value = std::numeric_limits<double>::quiet_NaN();  // where the step begins; nan: unknown
  std::span<const std::uint64_t> samples;                   // of the batch; empty: all, in order
  std::uint64_t sample_count = 0;                           // 0: the objective has no samples
  std::uint64_t batch = 1, batches = 1;                     // of the epoch
};

// An objective that is given as a function alone: it has a single sample, and its Hessian is known
// by central differences of its gradient.
template <class T>
class FunctionContext final : public StepContext<T> {
 public:
  explicit FunctionContext(const Objective<T>& objective) : objective_(objective) {}

  double evaluate(const arma::Col<T>& x, arma::Col<T>* gradient) override {
    return objective_(x, gradient);
  }
  double evaluate_all(const arma::Col<T>& x, arma::Col<T>* gradient) override {
    return objective_(x, gradient);
  }

  void hessian_times(const arma::Col<T>& x, const arma::Col<T>& v, arma::Col<T>& product) override {
    product.zeros();
    const double length = arma::norm(v);
    if (length == 0) return;
    const double step =
        std::cbrt(double(std::numeric_limits<T>::epsilon())) * (1 + double(arma::norm(x))) / length;
    arma::Col<T> above(x.n_elem), below(x.n_elem);
    objective_(x + T(step) * v, &above);
    objective_(x - T(step) * v, &below);
    product = (above - below) / T(2 * step);
  }

  typename StepContext<T>::SampleGradients sample_gradients(const arma::Col<T>& x) override {
    gradient_.set_size(x.n_elem);
    values_ = {T(objective_(x, &gradient_))};
    return {gradient_, values_};
  }

 private:
  const Objective<T>& objective_;
  arma::Col<T> gradient_, values_;
};

}  // namespace descent::host
