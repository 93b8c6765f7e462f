// SPDX-License-Identifier: MIT
// Optimizers that are part of the program, not plugins: so far one (least_squares.h).
#pragma once

#include "train/settings.h"

namespace descent::train {

// Its documentation, as in a plugin's table.
struct BuiltInOptimizer {
  const char *name, *doc, *formula, *source;
};

inline constexpr BuiltInOptimizer exact_optimizer{
    "exact", "exact solution of least squares or ridge regression, in one step",
    "W = Y V diag(s / (s^2 + lambda n)) U', X = U diag(s) V'; s up to eps max(d, n) max s: 0",
    "Golub & Reinsch 1970; Hoerl & Kennard 1970"};

inline bool is_exact(const Settings& settings) {
  return settings.optimizer.name == exact_optimizer.name;
}

}  // namespace descent::train
