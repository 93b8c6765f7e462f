// SPDX-License-Identifier: MIT
// Converts results of training and statistics into records of the store.
#pragma once

#include <string>
#include <vector>

#include "engine/plan.h"
#include "statistics/decomposition.h"
#include "store/records.h"
#include "train/training.h"

namespace descent::engine {

std::vector<store::WeightBlock> weight_blocks(const nn::Model& model);
// trained: replicates, whether they ended well or not.
store::BiasVarianceRow bias_variance_row(const statistics::Decomposition& decomposition,
                                         std::uint64_t epoch, const std::string& metric,
                                         const std::string& central, std::uint64_t trained,
                                         const train::Training& training);
// measures: the metrics that its points record besides losses and accuracies.
store::ExperimentRecord experiment_record(const experiment::Experiment& experiment,
                                          std::vector<std::string> measures = {});
std::vector<store::WarningRecord> warning_records(const std::vector<Problem>& warnings);
// The fields that all points of a variant share: all but position, configuration and hashes.
store::PointRecord variant_record(const PlannedPoint& planned, const std::vector<Input>& inputs,
                                  const train::Training& training);

}  // namespace descent::engine
