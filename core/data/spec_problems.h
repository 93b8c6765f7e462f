// SPDX-License-Identifier: MIT
// What data and resampling need of each other. The experiment reader asks with what a file says,
// and adds the place; the sampler asks again with the samples there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/spec.h"

namespace descent::data {

// How inputs are drawn, which are declared at this path.
std::optional<Problem> problem_of_inputs(const std::string& path, InputSpec::Kind kind,
                                         std::uint64_t dims);

// redraws: targets can be drawn again. samples: of training.
std::optional<Problem> problem_of_resampling(const Resampling& resampling, bool redraws,
                                             std::uint64_t samples);

// All problems that show without reading the file. kind: what the loss reads, if that is known;
// loss is what texts call it.
std::vector<Problem> problems_of_csv(const CsvSpec& spec, std::optional<TargetKind> kind,
                                     const std::string& loss = "the loss");

// Targets are drawn again about their truth.
bool redraws(const CsvSpec& spec);

}  // namespace descent::data
