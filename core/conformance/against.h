// SPDX-License-Identifier: MIT
// Comparisons of a plugin with another plugin, or with weights that were computed elsewhere.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/check.h"

namespace descent::conformance {

// Whether both claim the same method: the same formula or source, and the same hyperparameters, or
// those of a wrapper and of what it wraps.
bool same_claim(const host::Plugin& plugin, const host::Plugin& other);

// The plugin against another one of its kind, in both types: an optimizer's trajectory, a loss's or
// a regularizer's value and gradient. Hyperparameters of equal names have the plugin's values, at
// its defaults and with each one changed, unless `given` says what those of the other are.
Check against(const host::Plugin& plugin, const host::Plugin& other,
              const std::map<std::string, double>& given);

// An optimizer against a table of weights, a line a step: its number, then the weights, separated
// by commas. Lines that begin with # may hold hyperparameters as name=value. The weights are 26, in
// blocks of 4 x 3 and 2 x 4, column by column, and 4 and 2; at i = 1 .. 26 they start at cos(i),
// and the gradient of step t is x / i + sin(t i), that of the objective sum(x^2 / (2 i) + sin(t i)
// x). Throws Error with the place for a file that is not of this form.
Check against_table(const host::Plugin& optimizer, const std::string& path);

}  // namespace descent::conformance
