// SPDX-License-Identifier: MIT
// A loss that is 0 whatever is predicted, as with all class weights 0: nothing can be learnt.
#pragma once

#include "data/dataset.h"
#include "host/plugin.h"
#include "train/settings.h"

namespace descent::train {

// Whether the loss is exactly 0 for some very different predictions of the samples. outputs: of the
// model.
bool is_flat(const LossSettings& settings, const host::Plugin& loss, const data::Dataset& training,
             std::uint64_t outputs);

}  // namespace descent::train
