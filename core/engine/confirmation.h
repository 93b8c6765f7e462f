// SPDX-License-Identifier: MIT
// The best of many looks better than it is: it was chosen for its luck, too. A confirmation trains
// it and its baseline again, on replicates that the choice has not seen, as an experiment of its
// own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "store/stored_points.h"

namespace descent {

// Of an experiment: where its winners are confirmed.
std::string confirmation_name(const std::string& experiment);

// The first replicate that no point of an experiment has seen.
std::uint64_t first_unused_replicate(const std::vector<StoredPoint>& points);

// Two points, a and b, of replicates first .. first + count - 1. Throws Error when they would not
// be the same as those of the store: another build, other plugins or data.
Experiment confirmation(const StoredExperiment& of, const StoredPoint& a, const StoredPoint& b,
                        std::uint64_t first, std::uint64_t count, const Catalog& catalog);

// The differences on the replicates of a confirmation, a row a metric, a family of their own.
std::vector<ContrastRow> confirmed(Reader& reader, const StoredExperiment& of, std::int64_t a,
                                   std::int64_t b, const std::vector<std::string>& metrics,
                                   double level);

}  // namespace descent
