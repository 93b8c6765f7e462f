// SPDX-License-Identifier: MIT
// A CSV file of samples, its columns sorted by role.
#pragma once

#include <armadillo>
#include <string>
#include <vector>

#include "data/csv.h"
#include "data/spec.h"

namespace descent::data {

struct CsvTable {
  std::string path;
  std::vector<std::string> inputs;          // every column that spec gives no other part
  arma::mat features;                       // inputs x n
  std::vector<std::vector<Field>> targets;  // as spec.target names them; n fields each, as text
  std::vector<Field> truth;                 // n fields, or none without spec.truth
  arma::rowvec weights;                     // 1 x n as written, or empty without spec.weight

  std::uint64_t size() const { return features.n_cols; }
};

// Reads the file at path with the columns that spec names; rows of weight 0 are left out. Throws
// Error as CsvReader does, and for columns that are missing or play two parts, no inputs, no rows,
// features that are no numbers, and weights below 0 or all 0.
CsvTable read_table(const std::string& path, const CsvSpec& spec);

// Throws the Error of the first number in the file that this type cannot hold: of the inputs, or of
// targets that are numbers. Rows of weight 0 do not count.
void refuse_beyond(const std::string& path, const CsvSpec& spec, bool inputs, Element type);

// Puts the inputs of table in this order. Throws Error unless they are the same columns.
void align(CsvTable& table, const std::vector<std::string>& inputs);

}  // namespace descent::data
