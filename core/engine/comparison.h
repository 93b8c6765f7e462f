// SPDX-License-Identifier: MIT
// The points of an experiment against their baselines, on common random numbers: which differ, by
// how much, and how sure that is.
#pragma once

#include <string>
#include <vector>

#include "engine/contrast.h"
#include "store/records.h"
#include "store/stored_points.h"

namespace descent::engine {

struct ComparisonRequest {
  std::string experiment;                         // empty: the only one
  std::vector<std::string> baseline;              // the words of a Baseline
  std::vector<std::string> metrics{"test_loss"};  // of comparable_metrics()
  ContrastOptions options;
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
  std::string shared_data;                 // of all points: see store::shared_data
};

// Throws Error when the request makes no sense or nothing can be compared.
Comparison compare(store::Reader& reader, const ComparisonRequest& request);

// Fills in what depends on all rows of a family together: the adjusted p values, the verdicts and
// the replicates that an open comparison lacks (80 % power at the difference and the standard
// deviation measured, at the level of Holm's first step).
void judge(std::vector<store::ContrastRow>& rows, const ContrastOptions& options);

// All other points of an experiment minus one of them, judged together; points that must not be
// compared with it are left out.
std::vector<store::ContrastRow> compare_with(store::Reader& reader, const std::string& experiment,
                                             std::int64_t point, const std::string& metric,
                                             const ContrastOptions& options);

// The best point by a metric: of the compared points with the largest share of runs that are done,
// the one with the best mean over these, or the best estimate; of equals the first. Null when no
// point has any, or none has most of its runs done. survivors: the best mean, whatever the share.
const store::ContrastRow* best_of(store::Reader& reader, const Comparison& comparison,
                                  const std::string& metric, bool survivors = false);

// The point of a comparison with this id.
const store::StoredPoint& point_of(const Comparison& comparison, std::int64_t id);

}  // namespace descent::engine
