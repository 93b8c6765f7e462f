// SPDX-License-Identifier: MIT
// What was read from a data file, for people: its columns, classes and splits, and what in them
// looks like a mistake.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "data/replicate_sampler.h"
#include "data/spec.h"
#include "data/table.h"

namespace descent::data {

struct ColumnOverview {
  std::string name;
  std::string role;    // "number", "category", "ordinal", "date", "target", "not read", ...
  std::string values;  // "0.5 to 3, mean 1.2", "f, m"
  std::uint64_t missing = 0;
};

struct Overview {
  std::string path;
  std::uint64_t rows = 0;
  std::string dialect;  // "separated by semicolons, decimal comma"; "" of IDX
  std::vector<ColumnOverview> columns;
  std::vector<std::string> inputs;  // names of the model's inputs before feature maps
  std::vector<std::pair<std::string, std::uint64_t>> classes;  // rows of each
  std::uint64_t training = 0, validation = 0, test = 0;        // samples
  std::vector<std::string> notes;                              // as ReplicateSampler::notes()
  std::vector<std::string> warnings;  // constant columns, row numbers, the target among the inputs,
                                      // samples in training and test set
  arma::mat first;                    // inputs of the first training samples
};

// Reads the file again, for what training does not keep. sampler: of the same spec and kind.
Overview overview(const CsvSpec& spec, TargetKind kind, const ReplicateSampler& sampler,
                  std::uint64_t first_rows);

}  // namespace descent::data
