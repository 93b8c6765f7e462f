// SPDX-License-Identifier: MIT
// The difference of two configurations, replicate by replicate: the same replicate of both uses the
// same random draws, so that the variation they share cancels.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "statistics/decomposition.h"
#include "statistics/estimate.h"

namespace descent::statistics {

// Without a pair everything is NaN; one pair defines only the value. If no pair deviates from the
// mean, the standard error is 0, the interval is the value, and p is 1 for no difference, else 0.
struct Difference {
  Estimate estimate;                           // a - b
  double correlation = not_recorded;           // of the two; NaN where one of them does not vary
  double df = not_recorded, p = not_recorded;  // two-sided
  std::uint64_t replicates = 0;                // pairs
};

// The mean of a[i] - b[i]. REQUIRES: a and b are as long as each other, all finite.
Difference paired_difference(std::span<const double> a, std::span<const double> b, double level);

struct DecompositionDifference {
  Difference total, bias2, variance;
};

// The jackknife of the difference: the same group is left out of both. Nothing when the groups are
// not the same. is_corrected: bias2 and variance are corrected by the jackknife, as for
// cross-entropy. The standard error of bias2 has the same floor as in a decomposition, for the same
// reason: se(variance)/sqrt(R), of the differences.
std::optional<DecompositionDifference> paired_decomposition(std::span<const LeaveOneOut> a,
                                                            std::span<const LeaveOneOut> b,
                                                            std::uint64_t replicates,
                                                            bool is_corrected, double level);

}  // namespace descent::statistics
