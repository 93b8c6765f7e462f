// SPDX-License-Identifier: MIT
// The checks of an optimizer by what they are about.
#pragma once

#include "conformance/checks.h"

namespace descent::conformance {

std::vector<Check> descent_checks(const host::Plugin& plugin);         // it descends
std::vector<Check> hyperparameter_checks(const host::Plugin& plugin);  // its hyperparameters act
std::vector<Check> invariance_checks(
    const host::Plugin& plugin);  // what must not change the trajectory
std::vector<Check> memory_checks(const host::Plugin& plugin);    // what it keeps and writes
std::vector<Check> gradient_checks(const host::Plugin& plugin);  // unusual gradients
std::vector<Check> cost_checks(const host::Plugin& plugin);      // time and allocations

// Whether it says so, or calls a routine of LAPACK.
bool decomposes(const host::Plugin& plugin);

}  // namespace descent::conformance
