// SPDX-License-Identifier: MIT
#include "host/optimizer.h"

#include <algorithm>

#include "base/element.h"
#include "host/matrix_view.h"

namespace descent::host {
namespace {

template <class T>
struct Bridge {  // context of `evaluate`, passed through the boundary
  const Objective<T>* objective;
  arma::uword size;
  std::string error;
};

template <class T>
const char* evaluate(void* host, const void* x, double* value, void* gradient) {
  auto& bridge = *static_cast<Bridge<T>*>(host);
  try {
    const arma::Col<T> at(const_cast<T*>(static_cast<const T*>(x)), bridge.size, false, true);
    if (gradient) {
      arma::Col<T> slope(static_cast<T*>(gradient), bridge.size, false, true);
      *value = (*bridge.objective)(at, &slope);
    } else {
      *value = (*bridge.objective)(at, nullptr);
    }
    return nullptr;
  } catch (const std::exception& failure) {
    bridge.error = failure.what();
    return bridge.error.c_str();
  }
}

}  // namespace

template <class T>
Optimizer<T>::Optimizer(Plugin plugin, std::vector<double> hypers, arma::uword weights,
                        const std::vector<descent_block>& blocks, std::uint64_t planned_steps)
    : plugin_(std::move(plugin)),
      hypers_(std::move(hypers)),
      slots_(weights, plugin_->slot_count, arma::fill::zeros),
      state_(plugin_->state_size ? plugin_->state_size(hypers_.data(), blocks.data(), blocks.size())
                                 : 0,
             arma::fill::zeros),
      blocks_(blocks),
      planned_steps_(planned_steps),
      average_(plugin_->average[element_index<T>] ? weights : 0) {
  plugin_.refuse_conflict(hypers_);
  for (arma::uword i = 0; i < slots_.n_cols; ++i) slot_pointers_.push_back(slots_.colptr(i));
}

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
void Optimizer<T>::step(arma::Col<T>& x, const arma::Col<T>& gradient, std::uint64_t epoch,
                        std::uint64_t seed, const Objective<T>& objective) {
  ++t_;
  Bridge<T> bridge{&objective, x.n_elem, {}};
  auto here = call(x);
  here.gradient = view(gradient);
  here.epoch = epoch;
  here.seed = seed;
  here.evaluate = evaluate<T>;
  here.host = &bridge;
  scratch_.run(plugin_, [&](descent_scratch* scratch) {
    here.scratch = scratch;
    return plugin_->step[element_index<T>](hypers_.data(), &here);
  });
}

// Copied into place, as the plugin has pointers into slots and state.
template <class T>
void Optimizer<T>::restore(const Memory& memory) {
  std::copy(memory.slots.begin(), memory.slots.end(), slots_.begin());
  std::copy(memory.state.begin(), memory.state.end(), state_.begin());
  t_ = memory.steps;
}

template <class T>
const arma::Col<T>& Optimizer<T>::evaluation_weights(const arma::Col<T>& x) {
  const auto average = plugin_->average[element_index<T>];
  if (!average || t_ == 0) return x;
  auto here = call(x);
  scratch_.run(plugin_, [&](descent_scratch* scratch) {
    here.scratch = scratch;
    return average(hypers_.data(), &here, average_.memptr());
  });
  return average_;
}

template class Optimizer<float>;
template class Optimizer<double>;

}  // namespace descent::host
