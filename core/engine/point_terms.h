// SPDX-License-Identifier: MIT
// Points of an experiment named by words, such as "optimizer=adam, lr=0.1".
#pragma once

#include <string>
#include <vector>

#include "store/stored_points.h"

namespace descent::engine {

// A swept path and its value, as value_text() writes it.
struct PointTerm {
  std::string path, value;
};

// words: "key=value", or several of them between commas; values may contain commas. A key is a
// swept path or the end of just one. option: which took the words. Throws Error when a key or a
// value does not occur in these points, with the nearest name and the valid ones.
std::vector<PointTerm> point_terms(const std::string& option,
                                   const store::StoredExperiment& experiment,
                                   const std::vector<store::StoredPoint>& points,
                                   const std::vector<std::string>& words);

bool has_terms(const store::StoredPoint& point, const std::vector<PointTerm>& terms);

// Null for a path that the point does not have.
const store::Value* find_value(const store::StoredPoint& point, const std::string& path);
// The same as text; null as in YAML and in tables.
std::string value_text(const store::StoredPoint& point, const std::string& path);

// The first of them, between commas.
std::string listed(const std::vector<std::string>& all);

}  // namespace descent::engine
