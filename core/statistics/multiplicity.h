// SPDX-License-Identifier: MIT
// Many comparisons at once: p values adjusted for their number, and how many replicates one would
// need for a decision.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace descent::statistics {

// Holm's step-down adjustment [1979]: rejecting where it is <= alpha rejects any true hypothesis
// with a probability of at most alpha, whatever the dependence. NaN stays NaN and does not count.
std::vector<double> holm(std::span<const double> p);

// The q values of Benjamini & Hochberg [1995]: rejecting where they are <= q keeps the expected
// share of false rejections below q, for independent or positively dependent tests. NaN as above.
std::vector<double> benjamini_hochberg(std::span<const double> p);

inline constexpr std::uint64_t most_replicates = 1'000'000;

// The fewest pairs with which a two-sided paired t test at level alpha finds a difference of this
// size with this power: exact for normal differences, by the noncentral t distribution. At most
// most_replicates, which means that many or more; nothing for no difference or without a standard
// deviation.
std::optional<std::uint64_t> replicates_needed(double difference, double sd, double alpha,
                                               double power = 0.8);

}  // namespace descent::statistics
