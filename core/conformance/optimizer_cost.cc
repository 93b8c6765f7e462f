// SPDX-License-Identifier: MIT
// What a step of an optimizer costs: allocations, time and memory.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <initializer_list>
#include <string_view>

#include "conformance/allocations.h"
#include "conformance/optimizer_checks.h"
#include "conformance/test_problems.h"
#include "host/elf.h"
#include "host/optimizer.h"

namespace descent::conformance {
namespace {

constexpr arma::uword many = 100, few = 10;  // rows and columns of a matrix

// Steps of one square matrix, towards weights of 0.999.
template <class T>
class Bench {
 public:
  Bench(const host::Plugin& plugin, arma::uword side)
      : blocks_{{"linear0.weight", 0, side, side, false}},
        optimizer_(plugin, defaults(plugin), side * side, blocks_, 100),
        x_(side * side, arma::fill::ones),
        gradient_(side * side, arma::fill::value(T(1e-3))) {}
  Bench(const Bench&) = delete;

  void step() {
    const auto t = optimizer_.steps() + 1;
    optimizer_.step(x_, gradient_, t, t, [](const arma::Col<T>& at, arma::Col<T>* slope) {
      if (slope) *slope = at - T(0.999);
      const double rest = double(at[0]) - 0.999;
      return double(at.n_elem) * rest * rest / 2;
    });
  }
  void renew_gradient() { gradient_ = x_ - T(0.999); }

  // Numbers that the rule keeps.
  arma::uword kept() const {
    const auto memory = optimizer_.memory();
    return memory.slots.n_elem + memory.state.n_elem;
  }

 private:
  Blocks blocks_;
  host::Optimizer<T> optimizer_;
  arma::Col<T> x_, gradient_;
};

// Whether steps of a matrix of so many rows are possible, and within memory.
bool takes(const host::Plugin& plugin, arma::uword side) {
  constexpr std::uint64_t most = 1000;  // numbers of state a weight
  const Blocks blocks = {{"linear0.weight", 0, side, side, false}};
  const auto hyperparameters = defaults(plugin);
  if (plugin->state_size &&
      plugin->state_size(hyperparameters.data(), blocks.data(), 1) > most * side * side)
    return false;
  try {
    Bench<float>(plugin, side).step();
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

// A rule with memory that grows with the square of the weights is tried with few of them.
arma::uword side_for(const host::Plugin& plugin) {
  if (has_trait(plugin, DESCENT_SMALL)) return few;
  return takes(plugin, many) ? many : few;
}

std::string how_many(const host::Plugin& plugin, arma::uword side) {
  if (side == many) return fmt::format("{} weights", many * many);
  return fmt::format("{} weights ({})", few * few,
                     has_trait(plugin, DESCENT_SMALL)
                         ? "declared: small"
                         : "it does not take 10000 of them; declare small");
}

// LAPACK's routines are those with names of its form that are not of BLAS.
bool calls_lapack(const host::Plugin& plugin) {
  const auto names = host::imported_symbols(host::LibraryFile(plugin.path()).bytes());
  return std::ranges::any_of(names, [](std::string_view name) {
    if (name.size() < 6 || !name.ends_with('_') || (name[0] != 's' && name[0] != 'd')) return false;
    name = name.substr(1, name.size() - 2);
    return std::ranges::any_of(
        std::initializer_list<std::string_view>{"syev", "gesv", "gesdd", "geqr", "geqp", "orgqr",
                                                "potr", "getr", "posv", "gels", "geev", "gees"},
        [&](std::string_view stem) { return name.starts_with(stem); });
  });
}

Finding allocations_of_a_step(const host::Plugin& plugin) {
  if (!allocations_are_counted) return {0, no_limit, "not counted under a sanitizer"};
  const auto side = side_for(plugin);  // small vectors need no heap
  Bench<double> bench(plugin, side);
  bench.step();
  constexpr int steps = 10;
  std::size_t count = 0;
  for (int t = 0; t < steps; ++t) {
    bench.renew_gradient();
    const auto before = allocations();
    bench.step();
    count += allocations() - before;
  }
  const bool decomposing = decomposes(plugin);
  const bool is_host = plugin->needs != 0 || plugin->base;  // which allocates for what it gives
  return {double(count) / steps, decomposing || is_host ? no_limit : 0,
          fmt::format("allocations a step after the first, of {}{}", how_many(plugin, side),
                      decomposing ? "; it decomposes matrices, which allocates" : "")};
}

Finding cost(const host::Plugin& plugin) {
  constexpr int most = 50, tries = 3;
  const auto side = side_for(plugin);
  Bench<float> bench(plugin, side);
  bench.step();
  constexpr std::chrono::duration<double> enough(1);
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < tries; ++i) {
    const auto start = std::chrono::steady_clock::now();
    int steps = 0;
    do bench.step(), ++steps;
    while (steps < most && std::chrono::steady_clock::now() - start < enough);
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count() / steps);
  }
  const auto size = double(side * side);
  return {best / size, no_limit,
          fmt::format("ns a weight and step, of {} in float32; {} bytes of memory a weight",
                      how_many(plugin, side), std::round(4 * double(bench.kept()) / size))};
}

}  // namespace

bool decomposes(const host::Plugin& plugin) {
  return has_trait(plugin, DESCENT_DECOMPOSES) || calls_lapack(plugin);
}

Check cost_of(const host::Plugin& optimizer) {
  return {"cost", [optimizer] { return cost(optimizer); }};
}

std::vector<Check> cost_checks(const host::Plugin& plugin) {
  return {{"allocations", [plugin] { return allocations_of_a_step(plugin); }}, cost_of(plugin)};
}

}  // namespace descent::conformance
