// SPDX-License-Identifier: MIT
// How the target columns of a file become numbers, class indices or probabilities.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/spec.h"
#include "data/table.h"

namespace descent::data {

// The distinct values of a column in sorted order: by value when all are numbers ("1.0" is "1"; of
// whole numbers all digits count), else by their bytes. A value's code is its position.
class Labels {
 public:
  explicit Labels(const TextColumn& column);
  explicit Labels(const std::vector<std::string>& values);

  std::optional<std::int64_t> code(const std::string& text) const;
  const std::vector<std::string>& names() const { return names_; }
  bool numeric() const { return numeric_; }

 private:
  std::string key(const std::string& text) const;

  bool numeric_;
  std::vector<std::string> names_;
  std::map<std::string, std::int64_t> codes_;
};

// Learnt on one file, applied to that file and to its test file.
//   numbers        every column a row of numbers
//   classes        one column of text or whole numbers, at least two classes, coded by Labels
//   probabilities  columns of numbers in [0, 1]; of text with two values, coded 0 and 1; or of -1
//                  and 1, coded likewise
//   distributions  the same, each row with the sum 1; log_distributions: logarithms of these
//   signs          columns of -1 and 1; of 0 and 1 or text with two values, coded -1 and 1
//   counts         columns of numbers >= 0; positive: > 0
class TargetCoding {
 public:
  // REQUIRES: one column of classes (faults_of_csv).
  TargetCoding(const Table& table, TargetKind kind);

  // Sets data's targets or classes to those of these rows.
  void apply(const Table& table, std::span<const std::uint64_t> rows, Dataset& data) const;
  std::vector<std::string> classes() const;  // empty unless the kind is classes
  // Of each column the two texts that became 0 and 1, or -1 and 1; of numbers none.
  std::vector<std::vector<std::string>> labels() const;

 private:
  double label(const Table& table, const Field& field, std::size_t column) const;
  double number_of(const Table& table, const Field& field, std::size_t column) const;
  std::string strip_hint(const Field& field, std::size_t column) const;
  void check_sums(const Table& table, std::span<const std::uint64_t> rows,
                  const arma::mat& values) const;

  TargetKind kind_;
  std::vector<std::string> names_;             // of the columns
  std::vector<std::optional<Labels>> labels_;  // of each column; nothing: numbers
  std::vector<bool> respelt_;  // of each column: 0 and 1 for signs, or -1 and 1 for probabilities
};

}  // namespace descent::data
