// SPDX-License-Identifier: MIT
// The baseline of each point of an experiment: the baseline point that agrees with it in all
// settings that the baseline's terms leave open.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/point_terms.h"
#include "store/stored_points.h"

namespace descent::engine {

class Baseline {
 public:
  // words: as of point_terms(). Both experiment and points must outlive the baseline. Throws Error
  // when a key, a value or their combination does not occur, with the nearest name and the valid
  // ones.
  Baseline(const store::StoredExperiment& experiment, const std::vector<store::StoredPoint>& points,
           const std::vector<std::string>& words);

  std::string text() const;  // "optimizer=sgd, optimizer.lr=0.1", whatever the words were

  // Nothing for a baseline point itself.
  struct Match {
    const store::StoredPoint* point = nullptr;  // null: there is none, and why
    std::string why_not;
  };
  // A point and its baseline must agree in the other swept paths. Paths below a term (optimizer.lr
  // below optimizer) may differ, unless they are needed to choose between several baselines. Throws
  // Error when they do not suffice, naming the terms to add.
  std::optional<Match> match(const store::StoredPoint& point) const;

 private:
  bool is_baseline(const store::StoredPoint& point) const;
  std::string shared_values(const store::StoredPoint& point) const;
  std::string why_none(const store::StoredPoint& point) const;
  std::string which_one(const store::StoredPoint& point,
                        const std::vector<const store::StoredPoint*>& found) const;

  const store::StoredExperiment& experiment_;
  std::vector<PointTerm> terms_;
  std::vector<std::string> shared_;  // swept paths that both must agree in
  std::vector<std::string> below_;   // swept paths below a term
  std::map<std::string, std::vector<const store::StoredPoint*>> baselines_;  // by shared_values()
};

}  // namespace descent::engine
