// SPDX-License-Identifier: MIT
// NaN as messages print it: the sign of one means nothing.
#pragma once

#include <cmath>

namespace descent {

inline double unsigned_nan(double value) { return std::isnan(value) ? std::fabs(value) : value; }

}  // namespace descent
