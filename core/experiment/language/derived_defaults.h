// SPDX-License-Identifier: MIT
// Defaults that follow from other values.
#pragma once

#include <nlohmann/json.hpp>

#include "host/catalog.h"

namespace descent::experiment {

// Fills in model.init (torch, or a surface's own start), data.synthetic.test.x (as x), train.epochs
// (1, for optimizer exact), replicates.resample (fresh where targets can be redrawn, else none),
// record.every (a twentieth of the epochs, rounded up) and prune.asha.metric (validation_loss where
// there is a validation set), and data.csv.stratify (true where a loss over classes splits rows).
// Values that are null or missing, as they have a problem of their own, derive nothing.
void derive(nlohmann::json& configuration, const host::Catalog& catalog);

// Whether a set is held out to make choices on; validation: 0 holds out none.
bool has_validation(const nlohmann::json& configuration);

bool has_test(const nlohmann::json& configuration);  // the same of a test set

// Whether every replicate splits the rows for itself.
bool varies_split(const nlohmann::json& configuration);

// Whether replicates can draw targets of their own: the expectation and the noise are known.
bool redraws(const nlohmann::json& configuration);

}  // namespace descent::experiment
