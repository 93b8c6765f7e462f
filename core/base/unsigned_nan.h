// SPDX-License-Identifier: MIT
// NaN as messages print it: without its sign, which has no meaning.
#pragma once

#include <cmath>

namespace descent {

inline double unsigned_nan(double value) { return std::isnan(value) ? std::fabs(value) : value; }

}  // namespace descent
