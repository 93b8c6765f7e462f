// SPDX-License-Identifier: MIT
// What data and resampling need of each other. The experiment reader asks with what a file says,
// and adds the place; the sampler asks again with the samples there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/spec.h"

namespace descent::data {

struct Fault {
  std::string path;  // the key in an experiment file: "replicates.parts"
  std::string text;
};

// How inputs are drawn, which are declared at this path.
std::optional<Fault> fault_of_inputs(const std::string& path, InputSpec::Kind kind,
                                     std::uint64_t dims);

// redraws: targets can be drawn again. samples: of training.
std::optional<Fault> fault_of_resampling(const Resampling& resampling, bool redraws,
                                         std::uint64_t samples);

// All faults that show without reading the file. kind: what the loss reads, if that is known; loss
// is what texts call it.
std::vector<Fault> faults_of_csv(const CsvSpec& spec, std::optional<TargetKind> kind,
                                 const std::string& loss = "the loss");

// Targets are drawn again about their truth.
bool redraws(const CsvSpec& spec);

}  // namespace descent::data
