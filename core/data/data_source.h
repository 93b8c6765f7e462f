// SPDX-License-Identifier: MIT
// The source of a point's data: the sets that its replicates share, and how training sets are
// drawn.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/preparation.h"
#include "data/spec.h"

namespace descent::data {

// The sets of one split of the samples.
struct SplitData {
  std::vector<std::string> inputs{};    // names of the rows of features
  std::vector<std::string> warnings{};  // what looks like a mistake, of split 0 (leaks.h)
  TestSet test{};
  Dataset validation{};       // the same for every replicate of the split; size 0: there is none
  Preparation preparation{};  // how files become such inputs
  Dataset pool{};             // replicate 0's training set
  // The training set with inputs and targets drawn from the streams of these two indices, 0 and 0
  // of the pool; empty: it is always the pool.
  std::function<Dataset(std::uint64_t inputs, std::uint64_t noise)> draw{};
};

struct DataSource {
  Names names;
  SplitData first;
  std::vector<std::string> notes{};  // what was found in files, a sentence each
  // Split number `index`, of which 0 is `first`; empty: there is no other.
  std::function<SplitData(std::uint64_t index)> split{};
};

// Each throws Error when the data are not available. Streams used, all of this seed: "inputs",
// "noise", "test-inputs", "test-noise", "split", "label-noise"; of the validation set
// "validation-inputs", "validation-noise", "validation-split". several_splits: `split` is wanted.
DataSource synthetic(const SyntheticSpec& spec, TargetKind kind, std::uint64_t seed);
DataSource csv(const CsvSpec& spec, TargetKind kind, std::uint64_t seed,
               bool several_splits = false);

}  // namespace descent::data
