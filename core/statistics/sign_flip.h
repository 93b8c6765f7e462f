// SPDX-License-Identifier: MIT
// The sign-flip test of paired differences: how often chance alone would give a mean as large, if
// the two sides of every pair could be exchanged. It assumes no normal distribution.
#pragma once

#include <span>

namespace descent::statistics {

// The share of all 2^n choices of signs with which |sum| is at least that of the differences
// [Fisher, 1935], so never below 2^(1 - n). Exact up to 16 differences. Of more, 2^16 choices of a
// fixed stream, the given signs among them, stand for all; beyond max_groups differences, sums of
// consecutive ones are flipped as groups_of() cuts them. NaN for fewer than two differences.
double sign_flip_p(std::span<const double> differences);

}  // namespace descent::statistics
