// SPDX-License-Identifier: MIT
// One point less another, replicate by replicate: the numbers of a comparison, before the whole
// family of comparisons is judged.
#pragma once

#include <string>
#include <vector>

#include "statistics/decomposition.h"
#include "store/records.h"
#include "store/stored_points.h"

namespace descent::engine {

struct ContrastOptions {
  double level = 0.95;      // of the intervals; 1 - level: the error rate of a family
  bool survivors = false;   // judge by the runs that are done; ignore the others
  bool population = false;  // the test points are a sample, and its error counts as well
};

// total, bias2, variance: estimates for all replicates of a point together.
bool is_of_decomposition(const std::string& metric);

// The runs of a point that are done and have a finite value, and all of them.
struct Ends {
  std::uint64_t done = 0, runs = 0;

  double share() const { return runs == 0 ? 0 : double(done) / double(runs); }
};
Ends ends_of(const std::vector<store::ReplicateValue>& values);

// Point a minus point b, without the columns that depend on the family. The verdict is empty, or
// says why the difference does not decide: there is none; or fewer runs of one point are done, so
// that it is behind as in the leaderboard, whatever its other runs gave.
store::ContrastRow contrast(store::Reader& reader, const store::StoredPoint& a,
                            const store::StoredPoint& b, const std::string& metric,
                            const ContrastOptions& options);

// The estimates of all replicates, then of all but each group; none while it is not decomposed.
std::vector<statistics::LeaveOneOut> without_groups(store::Reader& reader,
                                                    const store::StoredPoint& point);

}  // namespace descent::engine
