// SPDX-License-Identifier: MIT
// A trained model in the format of ONNX (https://onnx.ai), operator set 13.
#pragma once

#include <string>

#include "deploy/trained_model.h"

namespace descent::deploy {

// The bytes of a file. Input `input` is n x inputs in double, a row a sample; output `output` is n
// x k, what predict() gives. Throws Error for a feature map that it has no operators for.
std::string onnx(const TrainedModel& model);

}  // namespace descent::deploy
