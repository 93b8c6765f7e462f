// SPDX-License-Identifier: MIT
// The best of many points looks better than it is, as it was also chosen for its luck. A
// confirmation trains it and its baseline again, as a separate experiment, on replicates that were
// not used for the choice.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/contrast.h"
#include "experiment/experiment.h"
#include "store/stored_points.h"

namespace descent::engine {

// The name of the experiment that confirms the best points of this one.
std::string confirmation_name(const std::string& experiment);

// Two points, a and b, of replicates first .. first + count - 1. Throws Error when they would
// differ from the stored ones: another build, other plugins or data.
experiment::Experiment confirmation(const store::StoredExperiment& of, const store::StoredPoint& a,
                                    const store::StoredPoint& b, std::uint64_t first,
                                    std::uint64_t count, const host::Catalog& catalog);

// The same of replicates that nothing in the store has used; or, if such a confirmation was
// interrupted, that one.
experiment::Experiment next_confirmation(store::Reader& reader, const store::StoredExperiment& of,
                                         const store::StoredPoint& a, const store::StoredPoint& b,
                                         std::uint64_t count, const host::Catalog& catalog);

// The differences on the replicates of a confirmation: one row per metric, in a family of their
// own.
std::vector<store::ContrastRow> confirmed(store::Reader& reader, const store::StoredExperiment& of,
                                          std::int64_t a, std::int64_t b,
                                          const std::vector<std::string>& metrics,
                                          const ContrastOptions& options);

}  // namespace descent::engine
