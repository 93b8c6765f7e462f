// SPDX-License-Identifier: MIT
// What the three kinds of plugin share behind their wrappers: the list of hypers, views of the
// host's memory, exceptions turned into messages, the exported table.
#pragma once

#include <armadillo>
#include <cstdio>
#include <exception>
#include <memory_resource>
#include <new>
#include <vector>

#include "autograd/kernel.h"
#include "sdk/abi.h"
#include "sdk/hypers.h"

namespace descent {

template <class T>
using Vec = arma::Col<T>;
template <class T>
using Mat = arma::Mat<T>;

namespace sdk {

template <class Plugin>
const std::vector<descent_hyper>& hypers_of() {
  static const auto listed = [] {
    std::vector<descent_hyper> all;
    if constexpr (requires(Plugin p, Hypers h) { p.declare(h); }) {
      Hypers hypers(all);
      Plugin().declare(hypers);
    }
    return all;
  }();
  return listed;
}

template <class Plugin>
Plugin configured(const double* hypers) {
  Plugin plugin;
  if constexpr (requires(Plugin p, Hypers h) { p.declare(h); }) {
    Hypers given(hypers);
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

// Runs body(memory resource) inside the host's scratch; asks for more when it runs out. Bodies
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

template <class Plugin>
descent_plugin table(descent_kind kind, const char* name) {
  const auto& hypers = hypers_of<Plugin>();
  descent_plugin table{};
  table.abi = DESCENT_ABI;
  table.kind = kind;
  table.name = name;
  table.doc = Plugin::doc;
  table.hypers = hypers.data();
  table.hyper_count = std::uint32_t(hypers.size());
  return table;
}

}  // namespace sdk
}  // namespace descent

// The one symbol that leaves a plugin.
#define DESCENT_EXPORT_(...)                                                                   \
  extern "C" __attribute__((visibility("default"), used)) const descent_plugin descent_entry = \
      __VA_ARGS__
