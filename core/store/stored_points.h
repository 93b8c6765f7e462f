// SPDX-License-Identifier: MIT
// The parts of a store that a comparison of configurations reads.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/reader.h"
#include "store/records.h"

namespace descent::store {

struct StoredExperiment {
  std::int64_t id = 0;
  std::string name, file;
  std::vector<std::string> swept;
};

struct StoredPoint {
  std::int64_t id = 0;
  std::uint64_t replicates = 0;
  bool finished = false;
  std::string content_hash, configuration, primary_metric, label;
  std::map<std::string, Value> parameters;  // by dotted path
};

// The value as it is written: 0.01, adam, true.
std::string text_of(const Value& value);

// "optimizer=sgd, optimizer.lr=0.1": the values that the point has of these paths.
std::string text_of(const StoredPoint& point, const std::vector<std::string>& paths);

std::vector<StoredExperiment> experiments_in(Reader& reader);  // in order
std::vector<StoredPoint> points_of(Reader& reader,
                                   std::int64_t experiment);  // not superseded; by id

// SQL for the final value of a metric, in a query over runs: its column, or its row in run_metrics.
std::string value_of_run(const std::string& metric);

// One replicate's value of a column of runs; NaN unless it is done and the value is recorded.
struct ReplicateValue {
  std::uint64_t replicate = 0;
  double value = not_recorded;
};
std::vector<ReplicateValue> values_of(Reader& reader, std::int64_t point,
                                      const std::string& column);  // ascending

// What replicates of a point share, so that they are no sample of new data: "training sets are
// drawn from one pool (resample: bootstrap)", "each replicate splits the same file (vary: split)";
// else "".
std::string shared_data(Reader& reader, std::int64_t point);

// Test samples over training samples of a point with replicates that split the file again each;
// else 0.
double test_over_training(Reader& reader, std::int64_t point);

// The parts of the table jackknife for a metric; nothing while the point is not decomposed.
std::vector<BiasVarianceRow::Part> jackknife_of(Reader& reader, std::int64_t point,
                                                const std::string& metric);

// The groups of test points of a metric, in order; nothing while the point is not decomposed.
std::vector<BiasVarianceRow::PointGroup> point_groups_of(Reader& reader, std::int64_t point,
                                                         const std::string& metric);

// The first replicate from which on no point of the store has run or planned any, of whatever
// experiment and seed, superseded or not.
std::uint64_t first_unused_replicate(Reader& reader);

}  // namespace descent::store
