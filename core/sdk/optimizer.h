// SPDX-License-Identifier: MIT
// Write an optimizer: a struct with `doc`, its hyperparameters as fields,
// declare(Hyperparameters&), and
//
//   template <class T>
//   void step(Vec<T>& x, const Vec<T>& gradient, double t, Vec<T>& slot...) const;
//
// t is 1 on the first step. As many slots as step takes vectors after t: they are as long as x,
// zero before the first step, and kept by the host. A rule that needs more takes a `const Step<T>&`
// instead of t. A member average(x, t, slots...) may return other weights to evaluate the model
// with, and state_size(blocks) gives the size of further state.
//
// A rule around another rule names in `static constexpr auto base` which it wraps unless an
// experiment names one, and with which values ("sgd lr=0.01 momentum=0.9"); its step calls
// Step::step_base. `static constexpr auto needs` says what a step calls of Step that not every
// objective has: DESCENT_NEEDS_HESSIAN, DESCENT_NEEDS_SAMPLE_GRADIENTS.
//
// Optional, as `static constexpr`: auto formula, source (of the paper); bool elementwise (a weight
// moves by its own gradient alone), decays (weights move though their gradient is zero), small
// (memory grows with the square of the weights), noisy (draws random numbers), decomposes
// (matrices, which allocates), relative (the step depends on the size of the weights);
// auto settings ("lr=0.1 momentum=0.9", with which `descent plugins check` tries descents). The
// file's name is the plugin's.
#pragma once

#include <array>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "sdk/plugin.h"

namespace descent {

// Information for a step in addition to weights and gradient.
template <class T>
class Step {
 public:
  explicit Step(const descent_step_call& call) : call_(&call) {}

  double t() const { return double(call_->t); }
  std::uint64_t epoch() const { return call_->epoch; }
  std::uint64_t planned_steps() const { return call_->planned_steps; }
  std::uint64_t seed() const { return call_->seed; }  // of a random stream for this step
  std::span<const descent_block> blocks() const { return {call_->blocks, call_->block_count}; }

  // State in addition to the slots: state_size(blocks) elements, zero before the first step.
  Vec<T> state() const { return sdk::vector<T>(call_->state.data, call_->state.rows); }

  // Memory to work in, contents undefined, the same in every call of a step. Must be
  // requested before anything is changed: if the host has to allocate it, the step starts again.
  T* scratch(std::uint64_t elements) const {
    if (call_->scratch->bytes < elements * sizeof(T)) throw sdk::MoreScratch{elements * sizeof(T)};
    return static_cast<T*>(call_->scratch->data);
  }

  // n vectors as long as x out of the scratch.
  template <std::size_t n>
  std::array<Vec<T>, n> working() const {
    return [this]<std::size_t... I>(T * memory, std::index_sequence<I...>) {
      return std::array<Vec<T>, n>{sdk::vector<T>(memory + I * call_->x.rows, call_->x.rows)...};
    }
    (scratch(n * call_->x.rows), std::make_index_sequence<n>());
  }

  // The objective of the current batch at x, and its gradient.
  double evaluate(const Vec<T>& x, Vec<T>& gradient) const {
    double value = 0;
    check(call_->evaluate(call_->host, x.memptr(), &value, gradient.memptr()));
    return value;
  }

  // The value alone, which takes about a third of the time.
  double evaluate(const Vec<T>& x) const {
    double value = 0;
    check(call_->evaluate(call_->host, x.memptr(), &value, nullptr));
    return value;
  }

  // The objective of the current batch where the step begins, known already.
  double value(const Vec<T>& x) const {
    return call_->value == call_->value ? call_->value : evaluate(x);
  }

  // Of the batch, as positions in the training set; empty: all of it, in order.
  std::span<const std::uint64_t> samples() const {
    return {call_->samples, call_->samples ? call_->sample_count : 0};
  }
  std::uint64_t sample_count() const { return call_->sample_count; }  // 0: a surface has none
  bool is_first_batch() const { return call_->batch == 1; }           // of the epoch
  bool is_last_batch() const { return call_->batch == call_->batches; }

  // The objective over the whole training set at x, and its gradient.
  double evaluate_all(const Vec<T>& x, Vec<T>& gradient) const {
    double value = 0;
    check(call_->services->evaluate_all(call_->host, x.memptr(), &value, gradient.memptr()));
    return value;
  }

  // product = the Hessian of the objective of the batch at the step's x, as it is now, times v.
  // Exact; takes about the time of two gradients.
  void hessian_times(const Vec<T>& v, Vec<T>& product) const {
    check(call_->services->hessian_times(call_->host, v.memptr(), product.memptr()));
  }

  // Of the loss of the batch, without penalties, at the step's x, as it is now: a column of
  // gradients for each sample, with the loss's gradient as their mean, and the loss of each sample
  // alone, with the loss as their mean. In the host's memory, valid until the step ends, and free
  // to be overwritten.
  struct SampleGradients {
    Mat<T> gradients;
    Vec<T> values;
  };
  SampleGradients sample_gradients() const {
    descent_matrix gradients{}, values{};
    check(call_->services->sample_gradients(call_->host, &gradients, &values));
    return {sdk::matrix<T>(gradients), sdk::vector<T>(values.data, values.rows)};
  }

  // A step of the wrapped rule along this gradient. Scratch must be requested before.
  void step_base(Vec<T>& x, const Vec<T>& gradient) const {
    check(call_->services->base_step(call_->host, x.memptr(), gradient.memptr()));
  }

  // Puts a value of the rule's own into the curves of the run, as the metric `name`, at recorded
  // epochs: the last that was noted.
  void note(const char* name, double value) const {
    check(call_->services->note(call_->host, name, value));
  }

 private:
  static void check(const char* error) {
    if (error) throw std::runtime_error(error);
  }

  const descent_step_call* call_;
};

namespace sdk {

// How many slots step() takes after a Time; -1 when it does not take a Time.
template <class Plugin, class Time, class... Slot>
constexpr int slots_after() {
  if constexpr (requires(const Plugin p, Vec<double> v, const Time t, Slot... s) {
                  p.step(v, v, t, s...);
                })
    return sizeof...(Slot);
  else if constexpr (sizeof...(Slot) < 8)
    return slots_after<Plugin, Time, Slot..., Vec<double>>();
  else
    return -1;
}

template <class Plugin>
inline constexpr bool takes_step = slots_after<Plugin, Step<double>>() >= 0;

template <class Plugin>
constexpr std::size_t slot_count() {
  constexpr int count =
      takes_step<Plugin> ? slots_after<Plugin, Step<double>>() : slots_after<Plugin, double>();
  static_assert(count >= 0,
                "expected: template <class T> void step(Vec<T>& x, const Vec<T>& gradient, "
                "double t, Vec<T>&... slots) const, with at most 8 slots");
  return std::size_t(count);
}

template <class Plugin, class T>
auto time_of(const descent_step_call& call) {
  if constexpr (takes_step<Plugin>)
    return Step<T>(call);
  else
    return double(call.t);
}

template <class Plugin, class T>
const char* step(const double* hyperparameters, const descent_step_call* call) {
  return guarded(
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        const auto size = call->x.rows;
        auto x = vector<T>(call->x.data, size);
        const auto gradient = vector<T>(call->gradient.data, size);
        try {
          [&](auto... slot) {
            configured<Plugin>(hyperparameters)
                .step(x, gradient, time_of<Plugin, T>(*call), slot...);
          }(vector<T>(call->slots[I], size)...);
        } catch (const MoreScratch& more) {
          call->scratch->needed = more.bytes;
        }
      },
      std::make_index_sequence<slot_count<Plugin>()>());
}

// The same for each instruction level, everything inlined.
template <class Plugin, class T>
DESCENT_KERNEL const char* vector_step(const double* hyperparameters,
                                       const descent_step_call* call) {
  return step<Plugin, T>(hyperparameters, call);
}

// A step that takes a Step mostly waits for matrix products, norms or the objective, which are fast
// by themselves; inlined, they would take minutes to compile.
template <class Plugin>
constexpr bool is_vector_step() {
  if constexpr (requires { Plugin::elementwise; })
    if (Plugin::elementwise) return true;
  return !takes_step<Plugin>;
}

template <class Plugin, class T>
constexpr auto step_function() {
  if constexpr (is_vector_step<Plugin>())
    return vector_step<Plugin, T>;
  else
    return step<Plugin, T>;
}

template <class Plugin, class T>
const char* average(const double* hyperparameters, const descent_step_call* call, void* average) {
  return guarded(
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        const auto size = call->x.rows;
        const auto x = vector<T>(call->x.data, size);
        auto out = vector<T>(average, size);
        out = configured<Plugin>(hyperparameters)
                  .average(x, time_of<Plugin, T>(*call), vector<T>(call->slots[I], size)...);
      },
      std::make_index_sequence<slot_count<Plugin>()>());
}

template <class Plugin>
std::uint64_t state_size(const double* hyperparameters, const descent_block* blocks,
                         std::uint64_t count) {
  return configured<Plugin>(hyperparameters).state_size(std::span(blocks, count));
}

template <class Plugin>
descent_plugin optimizer(const char* name) {
  descent_plugin entry = table<Plugin>(DESCENT_OPTIMIZER, name);
  entry.slot_count = slot_count<Plugin>();
  if constexpr (requires { Plugin::needs; }) entry.needs = Plugin::needs;
  if constexpr (requires { Plugin::base; }) entry.base = Plugin::base;
  if constexpr (requires { Plugin::settings; }) entry.settings = Plugin::settings;
  if constexpr (requires { &Plugin::state_size; }) entry.state_size = state_size<Plugin>;
  entry.step[DESCENT_F32] = step_function<Plugin, float>();
  entry.step[DESCENT_F64] = step_function<Plugin, double>();
  if constexpr (requires { &Plugin::template average<double>; }) {
    entry.average[DESCENT_F32] = average<Plugin, float>;
    entry.average[DESCENT_F64] = average<Plugin, double>;
  }
  return entry;
}

}  // namespace sdk
}  // namespace descent

#define DESCENT_OPTIMIZER_PLUGIN(Plugin) \
  DESCENT_EXPORT_(descent::sdk::optimizer<Plugin>(descent_name.text))
