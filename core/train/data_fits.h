// SPDX-License-Identifier: MIT
// Whether the element type of a training can hold its data.
#pragma once

#include "data/replicate_sampler.h"
#include "train/settings.h"

namespace descent::train {

// Throws Error at the first number of a CSV file that enters the training as it stands and is too
// large for float32. What feature maps or a formula make of the data is checked where it is
// converted (samples.h).
void check_data_fits(const Settings& settings, const data::ReplicateSampler& source);

}  // namespace descent::train
