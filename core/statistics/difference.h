// SPDX-License-Identifier: MIT
// The difference of two configurations, replicate by replicate: the same replicate of both uses the
// same random draws, so that the variation they share cancels.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "statistics/decomposition.h"
#include "statistics/estimate.h"

namespace descent::statistics {

// Without a pair everything is NaN; one pair defines only the value. If no pair deviates from the
// mean, the standard error is 0 and the interval is the value. That R differences are equal, or all
// but for rounding, shows no more than that all have one sign: then p is at least 2^(1 - R), and 1
// for no difference.
struct Difference {
  Estimate estimate;                           // a - b
  double correlation = not_recorded;           // of the two; NaN where one of them does not vary
  double df = not_recorded, p = not_recorded;  // two-sided
  std::uint64_t replicates = 0;                // pairs
};

// The mean of a[i] - b[i]. REQUIRES: a and b are as long as each other, all finite.
Difference paired_difference(std::span<const double> a, std::span<const double> b, double level);

// The differences behind the total, which is made of their mean: their sums over the replicates of
// each group.
std::vector<double> total_differences(std::span<const LeaveOneOut> a,
                                      std::span<const LeaveOneOut> b, std::uint64_t replicates);

// The largest |value| as a share of the sum of all; NaN when all are 0.
double largest_share(std::span<const double> values);

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

// The standard errors of the differences over test points alone: the spread over groups of them.
// NaN unless both have the same groups, at least two.
PointErrors paired_point_errors(std::span<const PointGroup> a, std::span<const PointGroup> b);

// The same difference with a second, independent source of error: the standard error is the root of
// the sum of squares, with the smaller of the degrees of freedom.
Difference with_second_error(const Difference& difference, double se, double df, double level);

// The same difference where the test points, in `groups` groups, are a sample: interval and p of
// the error over both replicates and points, the root of the sum of squares, with the smaller of
// the two degrees of freedom. The standard error in the result stays that over replicates.
Difference of_population(const Difference& difference, double se_points, std::uint64_t groups,
                         double level);

// The same difference where every replicate splits one sample of the population, again, into a
// training and a test part. They share samples, so that their mean varies more from sample to
// sample than they do: its variance is s^2 (1/R + ratio), ratio: test samples over training
// samples, with the same degrees of freedom (the corrected resampled t test of Nadeau and Bengio
// 2003; for repeated cross-validation, Bouckaert and Frank 2004). Conservative for a single
// cross-validation.
Difference of_splits(const Difference& difference, double ratio, double level);

}  // namespace descent::statistics
