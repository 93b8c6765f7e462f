// SPDX-License-Identifier: MIT
// Write a regularizer: a struct with `doc`, its hypers, and one of
//
//   template <class S> S operator()(S w) const;                  a scalar formula, summed over the
//                                                                weights
//   template <class T> Var<T> operator()(const Var<T>& w) const; an expression of the autograd
//
// and, where there is one in closed form, the proximal step argmin_u (u-w)^2/2 + step * penalty(u):
//
//   template <class T> T proximal(T w, T step) const;            weight by weight
//
// Optional, as `static constexpr`: auto formula, source (of the paper); bool zero_elsewhere (the
// penalty of zero weights is not zero), projects (the proximal step goes to the nearest weights
// without penalty, whatever its size). The file's name is the plugin's.
#pragma once

#include "autograd/ops.h"
#include "sdk/dual.h"
#include "sdk/plugin.h"

namespace descent::sdk {

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
DESCENT_KERNEL const char* pointwise_penalty(const double* hypers, descent_penalty_call* call) {
  return guarded([&] { sum_pointwise<Plugin, T>(configured<Plugin>(hypers), *call); });
}

template <class Plugin, class T>
void expression_penalty(const Plugin& penalty, descent_penalty_call& call) {
  in_scratch(call.scratch, [&](std::pmr::memory_resource* memory) {
    Graph<T> graph(memory);
    const auto size = call.weights.rows;
    const T* const w = static_cast<const T*>(call.weights.data);
    if (!call.gradient.data) {
      const Var<T> value = penalty(graph.constant(w, size, 1));
      graph.forward();
      call.value = double(value.value()(0));
      return;
    }
    T* const slope = static_cast<T*>(memory->allocate(size * sizeof(T), 64));
    const Var<T> value = penalty(graph.parameter(w, slope, size, 1));
    graph.forward();
    graph.backward(value);
    call.value = double(value.value()(0));
    auto gradient = vector<T>(call.gradient.data, size);
    gradient += vector<T>(slope, size);
  });
}

template <class Plugin, class T>
const char* penalty(const double* hypers, descent_penalty_call* call) {
  if constexpr (requires(const Plugin p, Dual<T> w) { p(w).slope; })
    return pointwise_penalty<Plugin, T>(hypers, call);
  else
    return guarded([&] { expression_penalty<Plugin, T>(configured<Plugin>(hypers), *call); });
}

template <class Plugin, class T>
DESCENT_KERNEL const char* proximal(const double* hypers, descent_proximal_call* call) {
  return guarded([&] {
    const auto plugin = configured<Plugin>(hypers);
    T* const w = static_cast<T*>(call->weights.data);
    const T step = T(call->step);
#pragma omp simd
    for (std::uint64_t i = 0; i < call->weights.rows; ++i) w[i] = plugin.proximal(w[i], step);
  });
}

template <class Plugin>
descent_plugin regularizer(const char* name) {
  descent_plugin entry = table<Plugin>(DESCENT_REGULARIZER, name);
  entry.penalty[DESCENT_F32] = penalty<Plugin, float>;
  entry.penalty[DESCENT_F64] = penalty<Plugin, double>;
  if constexpr (requires(const Plugin p) { p.proximal(1.0, 1.0); }) {
    entry.proximal[DESCENT_F32] = proximal<Plugin, float>;
    entry.proximal[DESCENT_F64] = proximal<Plugin, double>;
  }
  return entry;
}

}  // namespace descent::sdk

#define DESCENT_REGULARIZER_PLUGIN(Plugin) \
  DESCENT_EXPORT_(descent::sdk::regularizer<Plugin>(descent_name.text))
