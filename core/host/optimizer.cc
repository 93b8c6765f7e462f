// SPDX-License-Identifier: MIT
#include "host/optimizer.h"

#include <algorithm>

#include "base/element.h"
#include "host/block_groups.h"
#include "host/matrix_view.h"

namespace descent::host {

template <class T>
struct Optimizer<T>::Bridge {
  Optimizer& rule;
  StepContext<T>& context;
  arma::Col<T>& x;
  std::string error;

  arma::Col<T> vector(const void* data) const {
    return arma::Col<T>(static_cast<T*>(const_cast<void*>(data)), x.n_elem, false, true);
  }

  // What goes wrong becomes a message, as no exception crosses the boundary.
  template <class Body>
  static const char* answer(void* host, Body&& body) {
    auto& bridge = *static_cast<Bridge*>(host);
    try {
      body(bridge);
      return nullptr;
    } catch (const std::exception& failure) {
      bridge.error = failure.what();
      return bridge.error.c_str();
    }
  }

  template <double (StepContext<T>::*evaluate)(const arma::Col<T>&, arma::Col<T>*)>
  static const char* value_at(void* host, const void* x, double* value, void* gradient) {
    return answer(host, [&](Bridge& bridge) {
      const auto at = bridge.vector(x);
      if (gradient) {
        auto slope = bridge.vector(gradient);
        *value = (bridge.context.*evaluate)(at, &slope);
      } else {
        *value = (bridge.context.*evaluate)(at, nullptr);
      }
    });
  }

  static const char* hessian_times(void* host, const void* v, void* product) {
    return answer(host, [&](Bridge& bridge) {
      auto out = bridge.vector(product);
      bridge.context.hessian_times(bridge.x, bridge.vector(v), out);
    });
  }

  static const char* sample_gradients(void* host, descent_matrix* gradients,
                                      descent_matrix* values) {
    return answer(host, [&](Bridge& bridge) {
      const auto all = bridge.context.sample_gradients(bridge.x);
      *gradients = view(all.gradients);
      *values = view(all.values);
    });
  }

  // A stream of its own, so that the two rules draw different numbers.
  static const char* base_step(void* host, void* x, const void* gradient) {
    return answer(host, [&](Bridge& bridge) {
      if (!bridge.rule.base_)
        throw std::runtime_error("it wraps no optimizer: its table names none");
      constexpr std::uint64_t of_base = 0x9e3779b97f4a7c15;
      auto at = bridge.vector(x);
      bridge.context.seed ^= of_base;
      bridge.rule.base_->step(at, bridge.vector(gradient), bridge.context);
      bridge.context.seed ^= of_base;
    });
  }

  static const char* note(void* host, const char* name, double value) {
    return answer(host, [&](Bridge& bridge) { bridge.context.note(name, value); });
  }

  static constexpr descent_services services{value_at<&StepContext<T>::evaluate_all>, hessian_times,
                                             sample_gradients, base_step, note};
};

template <class T>
Optimizer<T>::Optimizer(const UpdateRule& rule, arma::uword weights,
                        const std::vector<descent_block>& blocks, std::uint64_t planned_steps)
    : plugin_(rule.plugin),
      hyperparameters_(rule.hyperparameters),
      slots_(rule.on.empty() ? weights : 0, plugin_->slot_count, arma::fill::zeros),
      state_(plugin_->state_size && rule.on.empty()
                 ? plugin_->state_size(hyperparameters_.data(), blocks.data(), blocks.size())
                 : 0,
             arma::fill::zeros),
      blocks_(blocks),
      planned_steps_(planned_steps),
      average_(plugin_->average[element_index<T>] ? weights : 0) {
  plugin_.refuse_conflict(hyperparameters_);
  if (rule.on.empty())  // else every group has slots of its own
    for (arma::uword i = 0; i < slots_.n_cols; ++i) slot_pointers_.push_back(slots_.colptr(i));
  if (!rule.on.empty())
    groups_ = std::make_unique<BlockGroups<T>>(rule, blocks, planned_steps);
  else if (rule.base)
    base_ = std::make_unique<Optimizer>(*rule.base, weights, blocks, planned_steps);
}

template <class T>
Optimizer<T>::Optimizer(Optimizer&&) noexcept = default;
template <class T>
Optimizer<T>::~Optimizer() = default;

template <class T>
descent_step_call Optimizer<T>::call(const arma::Col<T>& x) const {
  descent_step_call call{};
  call.x = view(x);
  call.slots = const_cast<void**>(slot_pointers_.data());
  call.state = view(state_);
  call.t = t_;
  call.planned_steps = planned_steps_;
  call.blocks = blocks_.data();
  call.block_count = blocks_.size();
  return call;
}

template <class T>
void Optimizer<T>::step(arma::Col<T>& x, const arma::Col<T>& gradient, StepContext<T>& context) {
  ++t_;
  if (groups_) return groups_->step(x, gradient, context);
  Bridge bridge{*this, context, x, {}};
  auto here = call(x);
  here.gradient = view(gradient);
  here.epoch = context.epoch;
  here.seed = context.seed;
  here.evaluate = Bridge::template value_at<&StepContext<T>::evaluate>;
  here.host = &bridge;
  here.services = &Bridge::services;
  here.value = context.value;
  here.samples = context.samples.empty() ? nullptr : context.samples.data();
  here.sample_count = context.sample_count;
  here.batch = context.batch;
  here.batches = context.batches;
  scratch_.run(plugin_, [&](descent_scratch* scratch) {
    here.scratch = scratch;
    return plugin_->step[element_index<T>](hyperparameters_.data(), &here);
  });
}

template <class T>
void Optimizer<T>::step(arma::Col<T>& x, const arma::Col<T>& gradient, std::uint64_t epoch,
                        std::uint64_t seed, const Objective<T>& objective) {
  FunctionContext<T> context(objective);
  context.epoch = epoch;
  context.seed = seed;
  context.sample_count = 1;
  step(x, gradient, context);
}

template <class T>
void Optimizer<T>::set_hyperparameter(std::size_t index, double value) {
  if (groups_)
    groups_->set_hyperparameter(index, value);
  else if (index < hyperparameters_.size())
    hyperparameters_[index] = value;
  else
    base_->set_hyperparameter(index - hyperparameters_.size(), value);
}

template <class T>
typename Optimizer<T>::Memory Optimizer<T>::memory() const {
  Memory memory{slots_, state_, t_};
  if (groups_) memory.inner = groups_->memory();
  if (base_) memory.inner.push_back(base_->memory());
  return memory;
}

// Copied into place, as the plugin has pointers into slots and state.
template <class T>
void Optimizer<T>::restore(const Memory& memory) {
  std::copy(memory.slots.begin(), memory.slots.end(), slots_.begin());
  std::copy(memory.state.begin(), memory.state.end(), state_.begin());
  t_ = memory.steps;
  if (base_) base_->restore(memory.inner.at(0));
  if (groups_) groups_->restore(memory.inner);
}

// A wrapper that does not average itself evaluates as what it wraps.
template <class T>
const arma::Col<T>& Optimizer<T>::evaluation_weights(const arma::Col<T>& x) {
  const auto average = plugin_->average[element_index<T>];
  if (groups_) return groups_->evaluation_weights(x);
  if (!average && base_) return base_->evaluation_weights(x);
  if (!average || t_ == 0) return x;
  auto here = call(x);
  scratch_.run(plugin_, [&](descent_scratch* scratch) {
    here.scratch = scratch;
    return average(hyperparameters_.data(), &here, average_.memptr());
  });
  return average_;
}

template class Optimizer<float>;
template class Optimizer<double>;

}  // namespace descent::host
