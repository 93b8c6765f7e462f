// SPDX-License-Identifier: MIT
// Write a regularizer: a struct with `doc`, its hyperparameters, and one of
//
//   template <class S> S operator()(S w) const;                  a scalar formula, summed over the
//                                                                weights
//   template <class T> Var<T> operator()(const Var<T>& w) const; an expression of the autograd
//   template <class T> Var<T> operator()(std::span<const Var<T>> matrices) const;
//                                                                the same of all weight matrices in
//                                                                the order of the layers
//   template <class T> double penalty(const Mat<T>& w, Mat<T>* gradient) const;
//                                                                of one weight matrix, outputs x
//                                                                inputs; the gradient is ADDED
//
// and, where there is one in closed form, the proximal step argmin_u (u-w)^2/2 + step * penalty(u):
//
//   template <class T> T proximal(T w, T step) const;            weight by weight
//   template <class T> void proximal(Mat<T>& w, double step) const;
//                                                                of one weight matrix
//
// A regularizer of matrices passes over biases. With a proximal step alone it is a constraint: its
// step is the projection, its penalty 0.
//
// Optional, as `static constexpr`: auto formula, source (of the paper); bool zero_elsewhere (the
// penalty of zero weights is not zero), projects (the proximal step goes to the nearest weights
// without penalty, whatever its size), of_jacobian (w is the Jacobian of the outputs with respect
// to the inputs at one sample, outputs x inputs; the mean over the batch is the penalty). The
// file's name is the plugin's.
#pragma once

#include <concepts>
#include <span>
#include <vector>

#include "autograd/ops.h"
#include "sdk/dual.h"
#include "sdk/plugin.h"

namespace descent {

// w moved towards 0 by shrink and not beyond: the proximal step of |w| (Donoho 1995).
template <class T>
T soft_threshold(T w, T shrink) {
  return w > shrink ? w - shrink : w < -shrink ? w + shrink : w == w ? T(0) : w;
}

// The Euclidean length of a row: the weights into one unit.
template <class T>
T row_norm(const Mat<T>& w, arma::uword row) {
  T sum = 0;
  for (arma::uword j = 0; j < w.n_cols; ++j) sum += w(row, j) * w(row, j);
  return std::sqrt(sum);
}

}  // namespace descent

namespace descent::sdk {

template <class Plugin>
inline constexpr bool penalizes_matrices = requires(const Plugin p, const Mat<double> w,
                                                    Mat<double>* gradient) {
  p.penalty(w, gradient);
};
template <class Plugin>
inline constexpr bool joins_matrices = requires(const Plugin p,
                                                std::span<const Var<double>> matrices) {
  { p(matrices) } -> std::same_as<Var<double>>;
};
template <class Plugin>
inline constexpr bool shrinks_matrices = requires(const Plugin p, Mat<double> w) {
  p.proximal(w, 1.0);
};
template <class Plugin>
inline constexpr bool shrinks_weights = requires(const Plugin p) {
  p.proximal(1.0, 1.0);
};
template <class Plugin>
inline constexpr bool is_constraint = !penalizes_matrices<Plugin> && !joins_matrices<Plugin> &&
                                      !requires(const Plugin p, Dual<double> w) {
  p(w).slope;
}
&&!requires(const Plugin p, Var<double> w) { p(w); };

template <class Plugin>
constexpr bool is_of_jacobian() {
  if constexpr (requires { Plugin::of_jacobian; })
    return Plugin::of_jacobian;
  else
    return false;
}

template <class Call, class Visit>
void each_matrix(const Call& call, Visit&& visit) {
  for (std::uint64_t i = 0; i < call.block_count; ++i)
    if (!call.blocks[i].is_bias) visit(call.blocks[i]);
}

template <class Plugin, class T>
void matrix_penalty(const Plugin& penalty, descent_penalty_call& call) {
  const auto size = call.weights.rows;
  const auto weights = vector<T>(call.weights.data, size);
  auto gradient = vector<T>(call.gradient.data, call.gradient.data ? size : 0);
  call.value = 0;
  each_matrix(call, [&](const descent_block& block) {
    const auto w = part(weights, block);
    if (!call.gradient.data) {
      call.value += penalty.template penalty<T>(w, nullptr);
    } else {
      auto slope = part(gradient, block);
      call.value += penalty.template penalty<T>(w, &slope);
    }
  });
}

template <class Plugin, class T>
void sum_pointwise(const Plugin& penalty, descent_penalty_call& call) {
  const T* const w = static_cast<const T*>(call.weights.data);
  T* const gradient = static_cast<T*>(call.gradient.data);
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::uint64_t i = 0; i < call.weights.rows; ++i) sum += penalty(Dual<T>(w[i])).value;
  call.value = double(sum);
  if (!gradient) return;
#pragma omp simd
  for (std::uint64_t i = 0; i < call.weights.rows; ++i)
    gradient[i] += penalty(Dual<T>(w[i], T(1))).slope;
}

template <class Plugin, class T>
void pointwise_penalty_tangent(const Plugin& penalty, const descent_penalty_call& call) {
  using D = Dual<T>;
  const T* const w = static_cast<const T*>(call.weights.data);
  const T* const tangent = static_cast<const T*>(call.tangent.data);
  T* const out = static_cast<T*>(call.gradient_tangent.data);
  for (std::uint64_t i = 0; i < call.weights.rows; ++i)
    out[i] += penalty(Dual<D>(D(w[i], tangent[i]), D(T(1)))).slope.slope;
}

template <class Plugin, class T>
DESCENT_KERNEL const char* pointwise_penalty(const double* hyperparameters,
                                             descent_penalty_call* call) {
  return guarded([&] { sum_pointwise<Plugin, T>(configured<Plugin>(hyperparameters), *call); });
}

// A leaf for the elements [offset, offset + rows cols) of the weights; its gradient goes to slope.
template <class T>
Var<T> weights_of(Graph<T>& graph, const descent_penalty_call& call, T* slope, std::uint64_t offset,
                  std::uint64_t rows, std::uint64_t cols) {
  const T* const w = static_cast<const T*>(call.weights.data) + offset;
  return slope ? graph.parameter(w, slope + offset, rows, cols) : graph.constant(w, rows, cols);
}

// The penalty of all weights as one vector, or of the matrices.
template <class Plugin, class T>
Var<T> recorded(const Plugin& penalty, Graph<T>& graph, const descent_penalty_call& call,
                T* slope) {
  if constexpr (joins_matrices<Plugin>) {
    std::vector<Var<T>> matrices;
    each_matrix(call, [&](const descent_block& b) {
      matrices.push_back(weights_of(graph, call, slope, b.offset, b.rows, b.cols));
    });
    return penalty(std::span<const Var<T>>(matrices));
  } else {
    return penalty(weights_of(graph, call, slope, 0, call.weights.rows, 1));
  }
}

// After backward(): adds the derivative of the gradient along the call's tangent.
template <class T>
void add_tangent(Graph<T>& graph, const Var<T>& value, const descent_penalty_call& call) {
  const T* const first = static_cast<const T*>(call.weights.data);
  T* const tangent = static_cast<T*>(call.tangent.data);
  T* const out = static_cast<T*>(call.gradient_tangent.data);
  graph.add_tangents();
  graph.each_parameter([&](Node<T>& leaf) {
    leaf.tangents->value = arma::Mat<T>(tangent + (leaf.value.memptr() - first), leaf.value.n_rows,
                                        leaf.value.n_cols, /*copy=*/false, true);
  });
  graph.forward_tangent();
  graph.backward_tangent(value);
  graph.each_parameter([&](Node<T>& leaf) {
    autograd::add(leaf.tangents->gradient.memptr(), out + (leaf.value.memptr() - first),
                  leaf.value.n_elem);
  });
}

template <class Plugin, class T>
void expression_penalty(const Plugin& penalty, descent_penalty_call& call) {
  in_scratch(call.scratch, [&](std::pmr::memory_resource* memory) {
    Graph<T> graph(memory);
    const auto size = call.weights.rows;
    T* const slope =
        call.gradient.data ? static_cast<T*>(memory->allocate(size * sizeof(T), 64)) : nullptr;
    if (slope) std::fill_n(slope, size, T(0));
    const Var<T> value = recorded(penalty, graph, call, slope);
    graph.forward();
    if (slope) graph.backward(value);
    if (call.tangent.data) add_tangent(graph, value, call);
    call.value = double(value.value()(0));
    if (!slope) return;
    auto gradient = vector<T>(call.gradient.data, size);
    gradient += vector<T>(slope, size);
  });
}

template <class Plugin, class T>
const char* penalty(const double* hyperparameters, descent_penalty_call* call) {
  if constexpr (!penalizes_matrices<Plugin> &&
                requires(const Plugin p, Dual<T> w) { p(w).slope; }) {
    const char* const error = pointwise_penalty<Plugin, T>(hyperparameters, call);
    if (error || !call->tangent.data) return error;
    return guarded(
        [&] { pointwise_penalty_tangent<Plugin, T>(configured<Plugin>(hyperparameters), *call); });
  } else {
    return guarded([&] {
      if constexpr (penalizes_matrices<Plugin>)
        matrix_penalty<Plugin, T>(configured<Plugin>(hyperparameters), *call);
      else
        expression_penalty<Plugin, T>(configured<Plugin>(hyperparameters), *call);
    });
  }
}

template <class Plugin, class T>
DESCENT_KERNEL const char* proximal(const double* hyperparameters, descent_proximal_call* call) {
  return guarded([&] {
    const auto plugin = configured<Plugin>(hyperparameters);
    if constexpr (shrinks_matrices<Plugin>) {
      auto weights = vector<T>(call->weights.data, call->weights.rows);
      each_matrix(*call, [&](const descent_block& block) {
        auto w = part(weights, block);
        plugin.proximal(w, call->step);
      });
    } else {
      T* const w = static_cast<T*>(call->weights.data);
      const T step = T(call->step);
#pragma omp simd
      for (std::uint64_t i = 0; i < call->weights.rows; ++i) w[i] = plugin.proximal(w[i], step);
    }
  });
}

template <class Plugin>
descent_plugin regularizer(const char* name) {
  descent_plugin entry = table<Plugin>(DESCENT_REGULARIZER, name);
  if constexpr (!is_constraint<Plugin>) {
    if constexpr (!penalizes_matrices<Plugin>) entry.traits |= DESCENT_TWICE;
    entry.penalty[DESCENT_F32] = penalty<Plugin, float>;
    entry.penalty[DESCENT_F64] = penalty<Plugin, double>;
  }
  if constexpr (is_of_jacobian<Plugin>()) {
    static_assert(!shrinks_matrices<Plugin> && !shrinks_weights<Plugin>,
                  "a penalty of the Jacobian has no proximal step");
    entry.needs = DESCENT_NEEDS_JACOBIAN;
    entry.traits &= ~std::uint32_t(DESCENT_TWICE);  // of the weights: third derivatives
  }
  if constexpr (shrinks_matrices<Plugin> || shrinks_weights<Plugin>) {
    entry.proximal[DESCENT_F32] = proximal<Plugin, float>;
    entry.proximal[DESCENT_F64] = proximal<Plugin, double>;
  }
  return entry;
}

}  // namespace descent::sdk

#define DESCENT_REGULARIZER_PLUGIN(Plugin) \
  DESCENT_EXPORT_(descent::sdk::regularizer<Plugin>(descent_name.text))
