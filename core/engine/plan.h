// SPDX-License-Identifier: MIT
// Everything that is to run, checked before anything runs: the points of one or more experiments,
// each with the hash of all that its results follow from.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "experiment/experiment.h"
#include "statistics/groups.h"
#include "train/training.h"

namespace descent {

struct PlannedPoint {
  std::size_t experiment = 0;  // position among the experiments
  std::uint64_t index = 0;     // of the experiment's point
  std::string content_hash;    // configuration, plugin binaries, data files, this build
  std::uint64_t replicates = 0;
  double timeout_seconds = 0;
};

class Plan {
 public:
  // Reads the data, fits the parts together. Throws one Error with every problem.
  Plan(const std::vector<Experiment>& experiments, const Catalog& catalog);

  const std::vector<PlannedPoint>& points() const { return points_; }
  const std::vector<Experiment>& experiments() const { return experiments_; }
  std::uint64_t runs() const;

  // The point at a position of the plan, whole.
  Point point(std::size_t position) const;
  Training training(const Point& point) const;

 private:
  void add(std::size_t experiment, std::uint64_t index, std::vector<Problem>& problems);
  std::shared_ptr<const Source> source(const Point& point) const;
  std::string content_hash(const Point& point);
  const std::string& file_hash(const std::string& path);

  const std::vector<Experiment>& experiments_;
  const Catalog& catalog_;
  std::vector<PlannedPoint> points_;
  std::map<std::string, std::shared_ptr<const Source>> sources_;  // shared by points of equal data
  std::map<std::string, std::string> file_hashes_;
};

// The chunks of a point: the unit of work, of commit, of resume and of the jackknife.
inline std::vector<ReplicateRange> chunks_of(const PlannedPoint& point) {
  return groups_of(point.replicates);
}

}  // namespace descent
