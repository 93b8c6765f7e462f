// SPDX-License-Identifier: MIT
// Which values a target may have, as the loss defines them.
#pragma once

#include <string>

#include "data/spec.h"

namespace descent::data {

// "probabilities", "signs", ...: what messages call targets of a kind.
const char* noun(TargetKind kind);

// The set of such values: "[0, 1]", "-1 and 1", "the numbers >= 0".
const char* values(TargetKind kind);

// Each column of the targets is a distribution over classes: it sums to 1.
bool is_distribution(TargetKind kind);

// What is wrong with a target, such as "outside [0, 1]"; "" when nothing is.
std::string objection(TargetKind kind, double target);

// What to do about targets that are not of this kind.
const char* remedy(TargetKind kind);

// How far the sum of k numbers may be from 1 where each was rounded to two decimals.
inline double rounding_of_sum(double k) { return 0.005 * k; }

}  // namespace descent::data
