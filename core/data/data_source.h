// SPDX-License-Identifier: MIT
// The source of a point's data: the sets that its replicates share, and how training sets are
// drawn.
#pragma once

#include <cstdint>
#include <functional>

#include "data/dataset.h"
#include "data/spec.h"

namespace descent::data {

struct DataSource {
  Names names;
  TestSet test;
  Dataset validation;    // the same for every replicate; size 0 when there is none
  bool redraws = false;  // draw() gives new targets for new streams, instead of always the same set
  // The training set with inputs and targets drawn from the streams of these two indices.
  std::function<Dataset(std::uint64_t inputs, std::uint64_t noise)> draw;
};

// Each throws Error when the data are not available. Streams used, all of this seed: "inputs",
// "noise", "test-inputs", "test-noise", "split"; of the validation set "validation-inputs",
// "validation-noise", "validation-split".
DataSource synthetic(const SyntheticSpec& spec, TargetKind kind, std::uint64_t seed);
DataSource csv(const CsvSpec& spec, TargetKind kind, std::uint64_t seed);

}  // namespace descent::data
