// SPDX-License-Identifier: MIT
// Settings that change nothing in the runs of a point: probably not what was meant.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "data/spec.h"
#include "train/settings.h"

namespace descent::engine {

// Paths of such settings, each with a sentence that says why it has no effect. train: with all
// epochs known. kind: what the loss wants of a data file.
std::vector<std::pair<std::string, std::string>> settings_without_effect(
    const train::Settings& settings, data::TargetKind kind);

}  // namespace descent::engine
