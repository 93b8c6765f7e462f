// SPDX-License-Identifier: MIT
// How a run ended.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace descent::record {

// pruned: ended before its last epoch because other points were ahead of it.
enum class Status { done, diverged, failed, timeout, crashed, pruned };

inline constexpr std::string_view status_names[] = {"done",    "diverged", "failed",
                                                    "timeout", "crashed",  "pruned"};
inline constexpr std::size_t status_count = std::size(status_names);
static_assert(status_count == std::size_t(Status::pruned) + 1);

constexpr std::string_view status_name(Status status) { return status_names[std::size_t(status)]; }

// Neither failed nor stopped.
constexpr bool ended_well(Status status) {
  return status == Status::done || status == Status::pruned;
}

}  // namespace descent::record
