// SPDX-License-Identifier: MIT
// The samples of a data file as they are written, its columns sorted by role: numbers, and codes of
// text. Nothing is learnt yet (coding.h), and nothing is left out but rows of weight 0.
#pragma once

#include <armadillo>
#include <cstdint>
#include <string>
#include <vector>

#include "base/element.h"
#include "data/dialect.h"
#include "data/spec.h"
#include "data/text_column.h"

namespace descent::data {

// An input column.
struct Column {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  std::vector<double> numbers{};      // numbers, and dates as days since 1970-01-01; NaN: missing
  std::vector<std::int32_t> codes{};  // categories, ordinals: positions in values; -1: missing
  std::vector<std::string> values{};  // in sorted order (Labels); of ordinals as spec orders them
  std::uint64_t missing = 0;          // how many
  bool found_itself = false;          // is categorical because it holds text
  DateOrder date_order = DateOrder::unknown;

  bool is_missing(std::uint64_t row) const;
};

struct Table {
  std::string path;
  std::vector<Column> inputs;
  std::vector<TextColumn> targets;   // as spec.target names them; none where they are not read
  std::vector<TextColumn> truth;     // as spec.truth
  arma::rowvec weights;              // 1 x n as written, or empty without spec.weight
  std::vector<std::int32_t> groups;  // of spec.group; rows of one value have one number
  std::vector<double> time;          // of spec.time: numbers in its order
  std::vector<std::uint32_t> lines;  // of each row, for messages
  std::vector<std::string> left{};   // names of columns that have no role
  std::vector<std::string> target_names{};  // spec.target, as the header names them
  std::uint64_t without_target = 0;         // rows that are left out for it
  Dialect dialect{};

  std::uint64_t size() const { return lines.size(); }
};

// What is read: prediction needs no targets, and takes columns it does not know for left out.
enum class Reading { samples, inputs };

// Reads the file at path, CSV or IDX, also packed by gzip. labels: of IDX files, the targets'.
// expected: the input columns of the training file; a second file takes over their kinds; null for
// the training file itself. Throws Error, with all problems that are found, as CsvReader does, and
// for columns that are missing or have two roles, no inputs, no rows, text where numbers should be,
// weights below 0 or all 0, and missing values where spec does not say what to do about them.
Table read_table(const std::string& path, const CsvSpec& spec, const std::string& labels = "",
                 const std::vector<Column>* expected = nullptr, Reading reading = Reading::samples);

// Throws the Error of the first number in the file that this type cannot hold: of the inputs, or of
// targets that are numbers. Rows of weight 0 do not count.
void refuse_beyond(const std::string& path, const CsvSpec& spec, bool inputs, Element type);

}  // namespace descent::data
