// SPDX-License-Identifier: MIT
// A trained model as a self-contained C header.
#pragma once

#include <string>

#include "deploy/trained_model.h"

namespace descent::deploy {

// C99 without other headers than <math.h>: constants, and a function `descent_predict` from inputs
// to what predict() gives, of one sample. Sums are in another order than here, so results agree
// within rounding. Throws Error for a feature map that it has no code for.
std::string c_header(const TrainedModel& model);

}  // namespace descent::deploy
