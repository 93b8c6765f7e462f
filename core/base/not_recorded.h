// SPDX-License-Identifier: MIT
// The number that stands for one that is missing or undefined.
#pragma once

#include <limits>

namespace descent {

inline constexpr double not_recorded = std::numeric_limits<double>::quiet_NaN();

}  // namespace descent
