// SPDX-License-Identifier: MIT
// Converts results of training and statistics into records of the store.
#pragma once

#include <string>
#include <vector>

#include "engine/plan.h"
#include "statistics/decomposition.h"
#include "store/records.h"
#include "train/training.h"

namespace descent {

std::vector<WeightBlock> weight_blocks(const Model& model);
// trained: replicates, whether they ended well or not.
BiasVarianceRow bias_variance_row(const Decomposition& decomposition, std::uint64_t epoch,
                                  const std::string& metric, const std::string& central,
                                  std::uint64_t trained, const Training& training);
ExperimentRecord experiment_record(const Experiment& experiment);
// The fields that all points of a variant share: all but position, configuration and hashes.
PointRecord variant_record(const PlannedPoint& planned, const std::vector<Ingredient>& ingredients,
                           const Training& training);

}  // namespace descent
