// SPDX-License-Identifier: MIT
// The points of an experiment against their baselines, on common random numbers: which differ, by
// how much, and how sure that is.
#pragma once

#include <string>
#include <vector>

#include "store/records.h"
#include "store/stored_points.h"

namespace descent::engine {

struct ComparisonRequest {
  std::string experiment;                         // empty: the only one
  std::vector<std::string> baseline;              // the words of a Baseline
  std::vector<std::string> metrics{"test_loss"};  // of comparable_metrics()
  double level = 0.95;  // of the intervals; 1 - level: the error rate of a family
};

// Columns of runs, compared by their means; then total, bias2 and variance of the points' primary
// metric, compared by the jackknife.
const std::vector<std::string>& comparable_metrics();

// The experiment of that name, or the only one that is not a confirmation. Throws Error.
store::StoredExperiment find_experiment(store::Reader& reader, const std::string& name);

struct Comparison {
  store::StoredExperiment experiment;
  std::vector<store::StoredPoint> points;  // all that are not superseded
  store::ContrastFamily family;            // by metric as requested, then by point
  std::vector<std::string> left_out;       // points that were not compared, and why
};

// Throws Error when the request makes no sense or nothing can be compared.
Comparison compare(store::Reader& reader, const ComparisonRequest& request);

// Point a minus point b, without the columns that judge() fills in from all rows. The verdict is
// empty, or says why there is no difference.
store::ContrastRow contrast(store::Reader& reader, const store::StoredPoint& a,
                            const store::StoredPoint& b, const std::string& metric, double level);

// Fills in what depends on all rows of a family together: the adjusted p values, the verdicts and
// the replicates that an open comparison lacks (80 % power at the difference and the standard
// deviation measured, at the level of Holm's first step).
void judge(std::vector<store::ContrastRow>& rows, double level);

// All other points of an experiment minus one of them, judged together; points that must not be
// compared with it are left out.
std::vector<store::ContrastRow> compare_with(store::Reader& reader, const std::string& experiment,
                                             std::int64_t point, const std::string& metric,
                                             double level);

// The best point by a metric: of the compared points, the one with the best mean
// over its runs that are done, or the best estimate; of equals the first. Null when none has any.
const store::ContrastRow* best_of(store::Reader& reader, const Comparison& comparison,
                                  const std::string& metric);

// The point of a comparison with this id.
const store::StoredPoint& point_of(const Comparison& comparison, std::int64_t id);

}  // namespace descent::engine
