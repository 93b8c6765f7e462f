// SPDX-License-Identifier: MIT
// The value of a number that is missing or undefined.
#pragma once

#include <limits>

namespace descent {

inline constexpr double not_recorded = std::numeric_limits<double>::quiet_NaN();

}  // namespace descent
