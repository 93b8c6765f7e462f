// SPDX-License-Identifier: MIT
// Write a loss: a struct with `doc`, `targets`, `prediction`, optional hyperparameters, and one of
//
//   template <class S> S operator()(S x, S t) const;      a scalar formula, applied element by
//                                                         element and differentiated at compile
//                                                         time
//   template <class T> T value(T x, T t) const;           the same with a derivative of your own
//   template <class T> T derivative(T x, T t) const;      (and T curvature(T x, T t) const, the
//                                                         second derivative, for optimizers that
//                                                         multiply by the Hessian)
//   template <class T> Var<T> operator()(const Var<T>& prediction, const Target<T>& target) const;
//                                                         an expression of the autograd: a scalar
//
// Scalar formulas are averaged over all k n elements (or summed, as the experiment says), each
// times its weight. A loss that names `class_weight` receives the weight of the output's row as a
// third argument of its formula, or in Target. A scalar formula must not throw: it is part of
// vector loops, where an exception ends the process (and the run is recorded as crashed).
//
// `targets` and `prediction` (abi.h) say what the loss is defined for. The host compares them with
// the data and with the model's last layer, and refuses what does not fit. Where a boolean
// hyperparameter makes the loss read logarithms, `static constexpr auto log_prediction` (or
// log_target) is its name. `const char* conflict() const` may say which values of hyperparameters
// do not go together.
//
// Optional, as `static constexpr`: auto formula, source (of the paper); bool minimum_at_target
// (least, with gradient 0, where prediction = target), weighted_mean (a mean over classes divides
// by the sum of the weights, as Target::classes does), ratio (of the batch as a whole, no sum over
// its samples). The file's name is the plugin's.
#pragma once

#include <algorithm>
#include <limits>
#include <type_traits>

#include "autograd/ops.h"
#include "autograd/sums.h"
#include "sdk/dual.h"
#include "sdk/plugin.h"

namespace descent {

// The targets of a call as constants of the graph that the loss is written in.
template <class T>
class Target {
 public:
  Target(Graph<T>& graph, const descent_loss_call& call) : graph_(&graph), call_(&call) {}

  bool has_classes() const { return call_->classes != nullptr; }
  bool mean() const { return call_->reduction == DESCENT_MEAN; }

  // k x n target values (numbers or probabilities).
  Var<T> values() const {
    return graph_->constant(static_cast<const T*>(call_->target.data), call_->target.rows,
                            call_->target.cols);
  }

  // The class of each sample; null unless has_classes().
  const std::int64_t* labels() const { return call_->classes; }

  // Of a random stream for this step: the same in all its evaluations; 0 in measurements.
  std::uint64_t seed() const { return call_->seed; }

  // The weight of each of values(), k x n: the sample's or element's weight times the class's.
  Var<T> weights() const {
    const Var<T> all = graph_->constant(call_->target.rows, call_->target.cols);
    for (std::uint64_t j = 0; j < all.cols(); ++j)
      for (std::uint64_t c = 0; c < all.rows(); ++c)
        all.node()->value(c, j) = class_weight(c) * weight(c, j);
    return all;
  }

  // The mean of all elements, or their sum, as the experiment says.
  Var<T> reduce(const Var<T>& each) const { return mean() ? descent::mean(each) : sum(each); }

  T class_weight(std::uint64_t row) const {
    const auto& w = call_->class_weight;
    return w.data ? static_cast<const T*>(w.data)[row] : T(1);
  }

  T weight(std::uint64_t row, std::uint64_t column) const {
    const auto& w = call_->weights;
    if (!w.data) return T(1);
    return static_cast<const T*>(w.data)[(w.rows == 1 ? 0 : row) + column * w.rows];
  }

  // The factors of log-probabilities in a loss over classes, k x n, and the divisor.
  // A sample of class y has weight[y] on y; with smoothing s, (1-s) of it there and s/k of every
  // class's weight on that class; a sample of the ignored class has none. Targets that are
  // probabilities take the place of the 1 on y. The divisor of a mean is the sum of weight[y] over
  // the samples that count (n for probabilities), as in PyTorch; 1 where none counts.
  struct Classes {
    Var<T> coefficients;
    double divisor;
  };
  Classes classes(double smoothing, std::int64_t ignore_index) const;
  static constexpr std::int64_t none_ignored = std::numeric_limits<std::int64_t>::min();

 private:
  double fill_class(T* column, std::uint64_t k, std::uint64_t j, double smoothing) const;

  Graph<T>* graph_;
  const descent_loss_call* call_;
};

template <class T>
double Target<T>::fill_class(T* column, std::uint64_t k, std::uint64_t j, double smoothing) const {
  const auto y = call_->classes[j];
  if (y < 0 || std::uint64_t(y) >= k)
    throw std::invalid_argument("class " + std::to_string(y) + " is outside 0 .. " +
                                std::to_string(k - 1));
  for (std::uint64_t c = 0; c < k; ++c)
    column[c] = class_weight(c) * weight(c, j) *
                T((std::uint64_t(y) == c ? 1 - smoothing : 0) + smoothing / double(k));
  return double(class_weight(std::uint64_t(y)) * weight(std::uint64_t(y), j));
}

template <class T>
typename Target<T>::Classes Target<T>::classes(double smoothing, std::int64_t ignore_index) const {
  const auto k = call_->prediction.rows, n = call_->prediction.cols;
  const Var<T> coefficients = graph_->constant(k, n);
  double divisor = 0;
  for (std::uint64_t j = 0; j < n; ++j) {
    T* const column = coefficients.node()->value.colptr(j);
    if (has_classes()) {
      if (call_->classes[j] != ignore_index) divisor += fill_class(column, k, j, smoothing);
    } else {
      const T* const t = static_cast<const T*>(call_->target.data) + j * k;
      for (std::uint64_t c = 0; c < k; ++c)
        column[c] =
            class_weight(c) * weight(c, j) * (T(1 - smoothing) * t[c] + T(smoothing / double(k)));
      divisor += 1;
    }
  }
  return {coefficients, mean() && divisor != 0 ? divisor : 1};
}

namespace sdk {

template <class Plugin>
inline constexpr bool weighs_classes = requires {
  Plugin::class_weight;
};

// The formula at (x, t), with the class weight where the loss takes one.
template <class Plugin, class T>
Dual<T> formula(const Plugin& loss, T x, T t, T class_weight) {
  using S = Dual<T>;
  if constexpr (requires { loss.derivative(x, t, class_weight); })
    return {loss.value(x, t, class_weight), loss.derivative(x, t, class_weight)};
  else if constexpr (requires { loss.derivative(x, t); })
    return {loss.value(x, t), loss.derivative(x, t)};
  else if constexpr (weighs_classes<Plugin>)
    return loss(S(x, T(1)), S(t), S(class_weight));
  else
    return loss(S(x, T(1)), S(t));
}

// Whether its second derivative is known: by dual numbers or by a formula of its own.
template <class Plugin>
constexpr bool is_twice_pointwise() {
  if constexpr (requires(const Plugin p) { p.derivative(1.0, 1.0); })
    return requires(const Plugin p) { p.curvature(1.0, 1.0); };
  else if constexpr (requires(const Plugin p) { p.derivative(1.0, 1.0, 1.0); })
    return requires(const Plugin p) { p.curvature(1.0, 1.0, 1.0); };
  else
    return true;
}

template <class Plugin, class T>
T curvature(const Plugin& loss, T x, T t, T class_weight) {
  if constexpr (requires { loss.curvature(x, t, class_weight); }) {
    return loss.curvature(x, t, class_weight);
  } else if constexpr (requires { loss.curvature(x, t); }) {
    return loss.curvature(x, t);
  } else {
    using D = Dual<T>;
    using S = Dual<D>;
    const S at(D(x, T(1)), D(T(1)));
    if constexpr (weighs_classes<Plugin>)
      return loss(at, S(D(t)), S(D(class_weight))).slope.slope;
    else
      return loss(at, S(D(t))).slope.slope;
  }
}

template <class Plugin>
inline constexpr bool is_expression = requires(const Plugin p, const Var<double> x,
                                               const Target<double> t) {
  p(x, t);
};

// One pass over elements that all weigh the same.
template <class Plugin, class T>
double plain_pass(const Plugin& loss, const T* x, const T* t, T* gradient, std::uint64_t n,
                  T factor) {
  if (!gradient)
    return autograd::sum_of<T>(
        n, [&](std::uint64_t i) { return formula(loss, x[i], t[i], T(1)).value; });
  return autograd::sum_of<T>(n, [&](std::uint64_t i) {
    const auto y = formula(loss, x[i], t[i], T(1));
    gradient[i] = factor * y.slope;
    return y.value;
  });
}

template <class Plugin, class T>
double weighted_pass(const Plugin& loss, const descent_loss_call& call, T factor) {
  const T* const x = static_cast<const T*>(call.prediction.data);
  const T* const t = static_cast<const T*>(call.target.data);
  const T* const weights = static_cast<const T*>(call.weights.data);
  const T* const class_weight = static_cast<const T*>(call.class_weight.data);
  T* const gradient = static_cast<T*>(call.gradient.data);
  const auto k = call.prediction.rows;
  double sum = 0;
  for (std::uint64_t j = 0; j < call.prediction.cols; ++j)
    for (std::uint64_t c = 0; c < k; ++c) {
      const T weight =
          weights ? weights[(call.weights.rows == 1 ? 0 : c) + j * call.weights.rows] : T(1);
      const auto y =
          formula(loss, x[c + j * k], t[c + j * k], class_weight ? class_weight[c] : T(1));
      sum += double(weight * y.value);
      if (gradient) gradient[c + j * k] = factor * weight * y.slope;
    }
  return sum;
}

template <class Plugin, class T>
void reduce_pointwise(const Plugin& loss, descent_loss_call& call) {
  if (!call.target.data)
    throw std::invalid_argument("this loss takes numbers as targets, not classes");
  const auto n = call.prediction.rows * call.prediction.cols;
  const double share = call.reduction == DESCENT_MEAN ? 1 / double(n) : 1;
  const T factor = T(share);
  const double sum = call.weights.data || call.class_weight.data
                         ? weighted_pass<Plugin, T>(loss, call, factor)
                         : plain_pass(loss, static_cast<const T*>(call.prediction.data),
                                      static_cast<const T*>(call.target.data),
                                      static_cast<T*>(call.gradient.data), n, factor);
  call.value = share * sum;
}

// gradient_tangent = second derivative times tangent, element by element. Outside of the kernels:
// few runs ask for it.
template <class Plugin, class T>
void pointwise_tangent(const Plugin& loss, descent_loss_call& call) {
  const T* const x = static_cast<const T*>(call.prediction.data);
  const T* const t = static_cast<const T*>(call.target.data);
  const T* const weights = static_cast<const T*>(call.weights.data);
  const T* const class_weight = static_cast<const T*>(call.class_weight.data);
  const T* const tangent = static_cast<const T*>(call.tangent.data);
  T* const out = static_cast<T*>(call.gradient_tangent.data);
  const auto k = call.prediction.rows, n = call.prediction.cols;
  const T factor = call.reduction == DESCENT_MEAN ? T(1 / double(k * n)) : T(1);
  for (std::uint64_t j = 0; j < n; ++j)
    for (std::uint64_t c = 0; c < k; ++c) {
      const auto i = c + j * k;
      const T weight =
          weights ? weights[(call.weights.rows == 1 ? 0 : c) + j * call.weights.rows] : T(1);
      out[i] = factor * weight * tangent[i] *
               curvature(loss, x[i], t[i], class_weight ? class_weight[c] : T(1));
    }
}

template <class Plugin, class T>
DESCENT_KERNEL const char* pointwise_loss(const double* hyperparameters, descent_loss_call* call) {
  return guarded([&] { reduce_pointwise<Plugin, T>(configured<Plugin>(hyperparameters), *call); });
}

// After backward(): the derivative of the prediction's gradient along the call's tangent.
template <class T>
void tangent_of(Graph<T>& graph, const Var<T>& prediction, const Var<T>& value,
                descent_loss_call& call) {
  graph.add_tangents();
  prediction.node()->tangents->value = matrix<T>(call.tangent);
  graph.forward_tangent();
  graph.backward_tangent(value);
  auto out = matrix<T>(call.gradient_tangent);
  out = prediction.node()->tangents->gradient;
}

template <class Plugin, class T>
void expression_loss(const Plugin& loss, descent_loss_call& call) {
  in_scratch(call.scratch, [&](std::pmr::memory_resource* memory) {
    Graph<T> graph(memory);
    const auto& [x, rows, cols] = call.prediction;
    T* const gradient = static_cast<T*>(call.gradient.data);
    const auto prediction = gradient
                                ? graph.parameter(static_cast<const T*>(x), gradient, rows, cols)
                                : graph.constant(static_cast<const T*>(x), rows, cols);
    const Var<T> value = loss(prediction, Target<T>(graph, call));
    graph.forward();
    if (gradient) graph.backward(value);
    if (call.tangent.data) tangent_of(graph, prediction, value, call);
    call.value = double(value.value()(0));
  });
}

template <class Plugin, class T>
const char* loss(const double* hyperparameters, descent_loss_call* call) {
  if constexpr (is_expression<Plugin>)
    return guarded([&] { expression_loss<Plugin, T>(configured<Plugin>(hyperparameters), *call); });
  if constexpr (!is_expression<Plugin>) {
    const char* const error = pointwise_loss<Plugin, T>(hyperparameters, call);
    if constexpr (is_twice_pointwise<Plugin>())
      if (!error && call->tangent.data)
        return guarded(
            [&] { pointwise_tangent<Plugin, T>(configured<Plugin>(hyperparameters), *call); });
    return error;
  }
}

template <class Plugin>
constexpr bool is_twice() {
  if constexpr (is_expression<Plugin>)
    return true;
  else
    return is_twice_pointwise<Plugin>();
}

template <class Plugin>
descent_plugin loss(const char* name) {
  descent_plugin entry = table<Plugin>(DESCENT_LOSS, name);
  entry.targets = Plugin::targets;
  entry.prediction = Plugin::prediction;
  if constexpr (weighs_classes<Plugin>) entry.class_weight = Plugin::class_weight;
  if constexpr (requires { Plugin::log_prediction; }) entry.log_prediction = Plugin::log_prediction;
  if constexpr (requires { Plugin::log_target; }) entry.log_target = Plugin::log_target;
  if (is_twice<Plugin>()) entry.traits |= DESCENT_TWICE;
  entry.loss[DESCENT_F32] = loss<Plugin, float>;
  entry.loss[DESCENT_F64] = loss<Plugin, double>;
  return entry;
}

}  // namespace sdk
}  // namespace descent

#define DESCENT_LOSS_PLUGIN(Plugin) DESCENT_EXPORT_(descent::sdk::loss<Plugin>(descent_name.text))
