// SPDX-License-Identifier: MIT
// What a model's last layers allow it to predict, whatever its weights.
#pragma once

#include <vector>

#include "nn/spec.h"

namespace descent::nn {

// As an experiment file writes it: "linear", "log_softmax".
const char* name(LayerSpec::Kind kind);

// Closed, though most activations only come close to their bounds.
struct OutputRange {
  double low, high;
};

// The values of single outputs. REQUIRES: a linear layer.
OutputRange output_range(const std::vector<LayerSpec>& layers);

}  // namespace descent::nn
