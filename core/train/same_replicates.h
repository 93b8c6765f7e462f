// SPDX-License-Identifier: MIT
// Whether replicates differ in anything that is drawn.
#pragma once

#include <string>

#include "train/training.h"

namespace descent::train {

// Why all replicates of a point would be the same training; "" when something differs, or there is
// one replicate.
std::string why_same(const Training& training);

}  // namespace descent::train
