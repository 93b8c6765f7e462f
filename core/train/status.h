// SPDX-License-Identifier: MIT
// How a run ended.
#pragma once

#include <cstddef>
#include <string_view>

namespace descent {

// pruned: ended before its last epoch because other points were ahead of it.
enum class Status { done, diverged, failed, timeout, crashed, pruned };
inline constexpr std::size_t status_count = 6;
std::string_view status_name(Status status);

}  // namespace descent
