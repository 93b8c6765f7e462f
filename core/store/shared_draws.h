// SPDX-License-Identifier: MIT
// Which settings keep equal replicates of two points from being compared.
#pragma once

#include <string>

namespace descent::store {

// Whether a setting decides which draws a replicate sees or what it is tested on. How many training
// samples there are, and where, does not change the test set.
bool changes_draws(const std::string& path);

// Whether a setting decides the unit of a loss.
bool changes_loss(const std::string& path);

}  // namespace descent::store
