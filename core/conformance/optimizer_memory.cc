// SPDX-License-Identifier: MIT
// Checks of what an optimizer keeps between steps and of where it writes.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "conformance/guarded.h"
#include "conformance/hyperparameter_changes.h"
#include "conformance/optimizer_checks.h"
#include "conformance/walk.h"
#include "host/matrix_view.h"
#include "host/scratch.h"

namespace descent::conformance {
namespace {

template <class T>
double not_resumed(const host::Plugin& plugin, const Values& hyperparameters) {
  const auto course = Course::usual(20);
  Walk<T> whole(plugin, hyperparameters, course), first(plugin, hyperparameters, course),
      second(plugin, hyperparameters, course);
  whole.go(20);
  first.go(10);
  second.x() = first.x();
  second.optimizer().restore(first.optimizer().memory());
  second.go(20);
  return largest<T>(whole.x() - second.x());
}

Finding resumes(const host::Plugin& plugin) {
  const double worst = worst_of_bases(plugin, [&](const Values& hyperparameters) {
    return worse(not_resumed<double>(plugin, hyperparameters),
                 not_resumed<float>(plugin, hyperparameters));
  });
  return {worst, 0, "10 steps, the slots copied, 10 more, against 20"};
}

// What a new allocation contains, where the C library lets it be chosen.
void fill_allocations(int byte) { mallopt(M_PERTURB, byte); }

template <class T>
arma::mat with_rubbish(const host::Plugin& plugin, const Values& hyperparameters, std::byte byte) {
  fill_allocations(int(byte));
  auto all =
      trajectory<T>(plugin, hyperparameters, Course::usual(20),
                    [&](Walk<T>& walk, arma::uword) { walk.optimizer().fill_scratch(byte); });
  fill_allocations(0);
  return all;
}

template <class T>
double remembered(const host::Plugin& plugin, const Values& hyperparameters) {
  const auto clean = with_rubbish<T>(plugin, hyperparameters, std::byte{0});
  const auto nan = with_rubbish<T>(plugin, hyperparameters, std::byte{0xff});
  const auto other =
      with_rubbish<T>(plugin, hyperparameters, std::byte{0x3f});  // numbers of about 1
  return worse(largest<double>(clean - nan), largest<double>(clean - other));
}

Finding working_memory(const host::Plugin& plugin) {
  const double worst = worst_of_bases(plugin, [&](const Values& hyperparameters) {
    return worse(remembered<double>(plugin, hyperparameters),
                 remembered<float>(plugin, hyperparameters));
  });
  return {worst, 0, "change of the trajectory if working memory is overwritten between steps"};
}

// The steps of a walk on memory between margins.
template <class T>
class GuardedWalk {
 public:
  explicit GuardedWalk(const host::Plugin& plugin)
      : plugin_(plugin),
        hyperparameters_(defaults(plugin)),
        x_(course_.start.n_elem),
        gradient_(course_.start.n_elem),
        state_size_(plugin->state_size ? plugin->state_size(hyperparameters_.data(), layered.data(),
                                                            layered.size())
                                       : 0),
        state_(state_size_) {
    for (std::uint32_t i = 0; i < plugin->slot_count; ++i)
      slots_.push_back(std::make_unique<Guarded<T>>(course_.start.n_elem));
    for (auto& slot : slots_) pointers_.push_back(slot->data());
    for (arma::uword i = 0; i < course_.start.n_elem; ++i) x_.data()[i] = T(course_.start(i));
  }

  void step(std::uint64_t t) {
    const auto n = course_.start.n_elem;
    for (arma::uword i = 0; i < n; ++i) gradient_.data()[i] = T(course_.gradients(i, t - 1));
    here_ = arma::Col<T>(x_.data(), n);
    slope_ = arma::Col<T>(gradient_.data(), n);
    bend_ = curvature_ % (T(1.25) + T(0.25) * arma::sign(slope_));
    value_ = {T(1 + double(arma::dot(slope_, slope_)) / 2)};
    static constexpr descent_services services = {evaluate, hessian_times, sample_gradients,
                                                  base_step, note};
    descent_step_call call{};
    call.x = {x_.data(), n, 1};
    call.gradient = {gradient_.data(), n, 1};
    call.slots = pointers_.data();
    call.state = {state_size_ ? state_.data() : nullptr, state_size_, 1};
    call.t = call.seed = t;
    call.epoch = 1 + (t - 1) / 5;
    call.planned_steps = 100;
    call.blocks = layered.data();
    call.block_count = layered.size();
    call.evaluate = evaluate;
    call.host = this;
    call.services = &services;
    call.value = std::numeric_limits<double>::quiet_NaN();
    call.batch = call.batches = 1;
    scratch_.run(plugin_, [&](descent_scratch* scratch) {
      call.scratch = scratch;
      return plugin_->step[host::element_index<T>](hyperparameters_.data(), &call);
    });
  }

  std::size_t overwritten() const {
    auto count = x_.overwritten() + gradient_.overwritten() + state_.overwritten();
    for (const auto& slot : slots_) count += slot->overwritten();
    return count;
  }

  double off(const arma::mat& trajectory) {
    double worst = 0;
    for (arma::uword i = 0; i < course_.start.n_elem; ++i)
      worst = worse(worst, std::abs(double(x_.data()[i]) - trajectory(i, trajectory.n_cols - 1)));
    return worst;
  }

  const Course& course() const { return course_; }

 private:
  static arma::Col<T> viewed(const void* x) {
    return {static_cast<T*>(const_cast<void*>(x)), layered_size, /*copy=*/false, /*strict=*/true};
  }
  static GuardedWalk& self(void* host) { return *static_cast<GuardedWalk*>(host); }

  static const char* evaluate(void* host, const void* at, double* value, void* gradient) {
    auto& walk = self(host);
    const arma::Col<T> off = viewed(at) - walk.here_, bend = walk.bend_ % off;
    if (gradient) viewed(gradient) = bend + walk.slope_;
    *value = 1 + double(arma::dot(walk.slope_, walk.slope_) + arma::dot(bend, off)) / 2 +
             double(arma::dot(walk.slope_, off));
    return nullptr;
  }
  static const char* hessian_times(void* host, const void* v, void* product) {
    viewed(product) = self(host).bend_ % viewed(v);
    return nullptr;
  }
  static const char* sample_gradients(void* host, descent_matrix* gradients,
                                      descent_matrix* values) {
    *gradients = host::view(self(host).slope_);
    *values = host::view(self(host).value_);
    return nullptr;
  }
  static const char* base_step(void*, void* x, const void* gradient) {
    viewed(x) -= T(0.01) * viewed(gradient);
    return nullptr;
  }
  static const char* note(void*, const char*, double) { return nullptr; }

  host::Plugin plugin_;
  Values hyperparameters_;
  Course course_ = Course::usual(20);
  Guarded<T> x_, gradient_;
  std::uint64_t state_size_;
  Guarded<T> state_;
  std::vector<std::unique_ptr<Guarded<T>>> slots_;
  std::vector<void*> pointers_;
  arma::Col<T> here_, slope_, bend_, value_;
  arma::Col<T> curvature_ = arma::conv_to<arma::Col<T>>::from(course_.curvature);
  host::Scratch scratch_;
};

template <class T>
double out_of_bounds(const host::Plugin& plugin) {
  GuardedWalk<T> walk(plugin);
  for (std::uint64_t t = 1; t <= walk.course().gradients.n_cols; ++t) walk.step(t);
  // Its own wrapped rule, samples and products stand for the host's: those trajectories differ.
  if (plugin->needs != 0 || plugin->base) return double(walk.overwritten());
  const auto hyperparameters = defaults(plugin);
  const double limit =
      tolerance(plugin, hyperparameters, walk.course(), sizeof(T) == 4 ? 1e-7 : 1e-15, 1e-4);
  const bool read = !(walk.off(trajectory<T>(plugin, hyperparameters, walk.course())) <= limit);
  return double(walk.overwritten()) + (read ? 1 : 0);
}

Finding bounds(const host::Plugin& plugin) {
  return {out_of_bounds<double>(plugin) + out_of_bounds<float>(plugin), 0,
          "numbers beyond weights, gradient, slots and state that are written or used"};
}

template <class T>
double gradient_changed(const host::Plugin& plugin, const Values& hyperparameters) {
  const auto course = Course::usual(10, 5);
  Walk<T> walk(plugin, hyperparameters, course);
  double worst = 0;
  for (arma::uword t = 0; t < 10; ++t) {
    walk.step();
    const arma::Col<T> given = arma::conv_to<arma::Col<T>>::from(course.gradients.col(t));
    worst = worse(worst, largest<T>(walk.gradient() - given));
  }
  return worst;
}

Finding leaves_gradient(const host::Plugin& plugin) {
  const double worst = worst_of_bases(plugin, [&](const Values& hyperparameters) {
    return worse(gradient_changed<double>(plugin, hyperparameters),
                 gradient_changed<float>(plugin, hyperparameters));
  });
  return {worst, 0, "change of the gradient it was given"};
}

// Keeps in `untouched` the slots that are still zero after some steps.
template <class T>
void strike_off(const host::Plugin& plugin, const Values& hyperparameters,
                std::vector<std::string>& untouched) {
  Walk<T> walk(plugin, hyperparameters, Course::usual(10));
  walk.go(10);
  const auto slots = walk.optimizer().memory().slots;
  for (arma::uword i = 0; i < slots.n_cols; ++i)
    if (arma::any(slots.col(i) != 0)) std::erase(untouched, std::to_string(i + 1));
}

// Some slots serve a single option, so every hyperparameter is changed once.
template <class T>
std::vector<std::string> unused_slots(const host::Plugin& plugin) {
  std::vector<std::string> untouched;
  for (std::uint32_t i = 0; i < plugin->slot_count; ++i) untouched.push_back(std::to_string(i + 1));
  for (const auto& hyperparameters : bases(plugin))
    if (!untouched.empty()) strike_off<T>(plugin, hyperparameters, untouched);
  for (std::size_t i = 0; i < plugin->hyper_count && !untouched.empty(); ++i)
    for (const auto& hyperparameters : changed_from(plugin, defaults(plugin), i))
      strike_off<T>(plugin, hyperparameters, untouched);
  return untouched;
}

Finding slots(const host::Plugin& plugin) {
  const auto in_double = unused_slots<double>(plugin), in_float = unused_slots<float>(plugin);
  const auto& worst = in_double.size() >= in_float.size() ? in_double : in_float;
  return {double(worst.size()), 0,
          worst.empty() ? fmt::format("of {} declared are never written", plugin->slot_count)
                        : fmt::format("never written: slot {}", fmt::join(worst, ", "))};
}

}  // namespace

std::vector<Check> memory_checks(const host::Plugin& plugin) {
  return {{"resumes", [plugin] { return resumes(plugin); }},
          {"working memory", [plugin] { return working_memory(plugin); }},
          {"bounds", [plugin] { return bounds(plugin); }},
          {"slots", [plugin] { return slots(plugin); }},
          {"gradient is left alone", [plugin] { return leaves_gradient(plugin); }}};
}

}  // namespace descent::conformance
