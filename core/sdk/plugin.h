// SPDX-License-Identifier: MIT
// Shared by the wrappers of the three kinds of plugin: the list of hyperparameters, views of the
// host's memory, exceptions turned into messages, and the exported table.
#pragma once

#include <armadillo>
#include <cstdio>
#include <exception>
#include <memory_resource>
#include <new>
#include <vector>

#include "autograd/kernel.h"
#include "sdk/abi.h"
#include "sdk/hyperparameters.h"

namespace descent {

template <class T>
using Vec = arma::Col<T>;
template <class T>
using Mat = arma::Mat<T>;

// The block of a flat vector as a matrix: a view.
template <class T>
Mat<T> part(Vec<T>& x, const descent_block& block) {
  return {x.memptr() + block.offset, block.rows, block.cols, /*copy=*/false, /*strict=*/true};
}
template <class T>
const Mat<T> part(const Vec<T>& x, const descent_block& block) {
  return part(const_cast<Vec<T>&>(x), block);
}

namespace sdk {

template <class Plugin>
const std::vector<descent_hyper>& hyperparameters_of() {
  static const auto declared = [] {
    DeclaredHyperparameters all;
    if constexpr (requires(Plugin p, Hyperparameters h) { p.declare(h); }) {
      Hyperparameters hyperparameters(all);
      Plugin().declare(hyperparameters);
    }
    return all;
  }();
  return declared.table;
}

template <class Plugin>
Plugin configured(const double* hyperparameters) {
  Plugin plugin;
  if constexpr (requires(Plugin p, Hyperparameters h) { p.declare(h); }) {
    Hyperparameters given(hyperparameters);
    plugin.declare(given);
  }
  return plugin;
}

// Views, not copies: the memory stays the host's.
template <class T>
Mat<T> matrix(const descent_matrix& m) {
  return Mat<T>(static_cast<T*>(m.data), m.rows, m.cols, /*copy=*/false, /*strict=*/true);
}
template <class T>
Vec<T> vector(void* data, std::uint64_t size) {
  return Vec<T>(static_cast<T*>(data), size, /*copy=*/false, /*strict=*/true);
}

// Thrown by a function that needs more scratch than it was lent.
struct MoreScratch {
  std::uint64_t bytes;
};

// No exception leaves a plugin: it becomes a message.
template <class Body, class... Arguments>
const char* guarded(Body&& body, Arguments... arguments) noexcept {
  // An array, not a string: a thread_local with a destructor would pin the library in memory.
  static thread_local char message[512];
  try {
    body(arguments...);
    return nullptr;
  } catch (const std::exception& error) {
    std::snprintf(message, sizeof message, "%s", error.what());
  } catch (...) {
    std::snprintf(message, sizeof message, "an exception that is not a std::exception");
  }
  return message;
}

// Runs body(memory resource) inside the host's scratch; requests more when it runs out. Bodies
// must be repeatable: they write results only at their end.
template <class Body>
void in_scratch(descent_scratch* scratch, Body&& body) {
  scratch->needed = 0;
  try {
    std::pmr::monotonic_buffer_resource arena(scratch->data, scratch->bytes,
                                              std::pmr::null_memory_resource());
    body(&arena);
  } catch (const std::bad_alloc&) {
    scratch->needed = scratch->bytes < 4096 ? 4096 : 2 * scratch->bytes;
  }
}

// "lion" of "/home/ada/lion.cc": the file's name is the plugin's.
template <std::size_t N>
struct Name {
  char text[N] = {};

  constexpr explicit Name(const char (&file)[N]) {
    std::size_t start = 0, end = N - 1;
    for (std::size_t i = 0; i < N - 1; ++i) {
      if (file[i] == '/') start = i + 1;
      if (file[i] == '.') end = i;
    }
    if (end <= start) end = N - 1;  // the last point is part of a folder's name
    for (std::size_t i = start; i < end; ++i) text[i - start] = file[i];
  }
};

template <class Plugin>
constexpr std::uint32_t traits() {
  std::uint32_t all = 0;
  if constexpr (requires { Plugin::minimum_at_target; })
    all |= Plugin::minimum_at_target ? DESCENT_MINIMUM_AT_TARGET : 0;
  if constexpr (requires { Plugin::weighted_mean; })
    all |= Plugin::weighted_mean ? DESCENT_WEIGHTED_MEAN : 0;
  if constexpr (requires { Plugin::elementwise; })
    all |= Plugin::elementwise ? DESCENT_ELEMENTWISE : 0;
  if constexpr (requires { Plugin::decays; }) all |= Plugin::decays ? DESCENT_DECAYS : 0;
  if constexpr (requires { Plugin::zero_elsewhere; })
    all |= Plugin::zero_elsewhere ? DESCENT_ZERO_ELSEWHERE : 0;
  if constexpr (requires { Plugin::projects; }) all |= Plugin::projects ? DESCENT_PROJECTS : 0;
  if constexpr (requires { Plugin::small; }) all |= Plugin::small ? DESCENT_SMALL : 0;
  if constexpr (requires { Plugin::noisy; }) all |= Plugin::noisy ? DESCENT_NOISY : 0;
  if constexpr (requires { Plugin::decomposes; })
    all |= Plugin::decomposes ? DESCENT_DECOMPOSES : 0;
  if constexpr (requires { Plugin::relative; }) all |= Plugin::relative ? DESCENT_RELATIVE : 0;
  if constexpr (requires { Plugin::ratio; }) all |= Plugin::ratio ? DESCENT_RATIO : 0;
  return all;
}

template <class Plugin>
const char* conflict(const double* hyperparameters) {
  return configured<Plugin>(hyperparameters).conflict();
}

template <class Plugin>
descent_plugin table(descent_kind kind, const char* name) {
  const auto& hyperparameters = hyperparameters_of<Plugin>();
  descent_plugin table{};
  table.abi = DESCENT_ABI;
  table.kind = kind;
  table.name = name;
  table.doc = Plugin::doc;
  if constexpr (requires { Plugin::formula; }) table.formula = Plugin::formula;
  if constexpr (requires { Plugin::source; }) table.source = Plugin::source;
  table.traits = traits<Plugin>();
  table.hypers = hyperparameters.data();
  table.hyper_count = std::uint32_t(hyperparameters.size());
  if constexpr (requires(Plugin p) { p.conflict(); }) table.conflict = conflict<Plugin>;
  return table;
}

}  // namespace sdk
}  // namespace descent

// The one symbol that leaves a plugin.
#define DESCENT_EXPORT_(...)                                                                   \
  static constexpr auto descent_name = descent::sdk::Name(__FILE__);                           \
  extern "C" __attribute__((visibility("default"), used)) const descent_plugin descent_entry = \
      __VA_ARGS__
