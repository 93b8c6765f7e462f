// SPDX-License-Identifier: MIT
// The pictures that experiment files ask for with `report`.
#pragma once

#include <vector>

#include "experiment/experiment.h"

namespace descent::cli {

// Prepares each query against a store that has the experiments and no run. Throws one Error with
// the places of all queries that fail, and of those with columns that do not fit their mark.
void check_own_pictures(const std::vector<experiment::Experiment>& experiments);

}  // namespace descent::cli
