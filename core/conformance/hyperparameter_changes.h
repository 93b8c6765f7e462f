// SPDX-License-Identifier: MIT
// Other values of hyperparameters, to see whether they have an effect.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conformance/check.h"
#include "host/plugin.h"

namespace descent::conformance {

using Values = std::vector<double>;  // of the hyperparameters, in the table's order

// Values to change: the defaults, the author's `settings`, each flag reversed, and what is 0
// set to 0.5, all and one by one, as some hyperparameters only matter where another one is on.
std::vector<Values> bases(const host::Plugin& plugin);

// The values with hyperparameter i changed: valid ones, the likeliest to show first.
std::vector<Values> changed_from(const host::Plugin& plugin, const Values& from, std::size_t i);

// The worst figure of all bases; one at which the rule refuses to go on counts nothing, except the
// defaults.
double worst_of_bases(const host::Plugin& plugin,
                      const std::function<double(const Values&)>& figure);

// The values themselves, and with one real hyperparameter doubled or halved, or one other changed;
// but for flags that give predictions or targets another meaning.
std::vector<Values> nearby(const host::Plugin& plugin, const Values& from);

// How many hyperparameters have no effect, where acts(i) says whether i has one.
Finding idle(const host::Plugin& plugin, const std::function<bool(std::size_t i)>& acts);

// Whether the description of hyperparameter i contains one of the words.
bool says(const host::Plugin& plugin, std::size_t i, const std::vector<std::string>& words);

// The values with `weight_decay` and the like at 0.
Values without_decay(const host::Plugin& plugin, Values hyperparameters);

// "lr=0.1 momentum=0.9"
std::string text_of(const host::Plugin& plugin, const Values& hyperparameters);

}  // namespace descent::conformance
