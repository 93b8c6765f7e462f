// SPDX-License-Identifier: MIT
// How the input columns of a file become numbers: learnt on the training rows, applied to every
// file with the same columns.
#pragma once

#include <armadillo>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "data/spec.h"
#include "data/table.h"

namespace descent::data {

// One column. Of numbers, dates (days since 1970-01-01) and ordinals (0, 1, ... in their order) a
// row, of categories a row of 0 and 1 for each.
struct ColumnCoding {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  // Categories: the rows in their order; ordinals: from low to high.
  std::vector<std::string> categories{};
  bool drop_first = false;    // no row for the first category
  bool unknown_zero = false;  // an unknown category is 0 in all rows, else an Error
  // What stands for a missing value: a number, or the position of a category. NaN: an Error.
  double fill = std::numeric_limits<double>::quiet_NaN();
  bool own_category = false;  // a missing category is one of its own, the last row
  bool indicator = false;     // of numbers: another row, 1 where the value is missing
  DateOrder date_order = DateOrder::unknown;  // of dates, as the training file writes them
  // Categories with a row that no training sample has, as in one split of several, so nothing was
  // learnt about them: they are unknown. Likewise missing values.
  std::vector<std::string> unseen{};
  bool has_unseen_missing = false;

  std::vector<std::string> rows() const;  // their names: "age", "sex=f", "age=missing"
};

class Coding {
 public:
  Coding() = default;
  explicit Coding(std::vector<ColumnCoding> columns) : columns_(std::move(columns)) {}

  // Learns from these rows of the table: means, medians and most frequent categories by the sample
  // weights, and which categories there are. known: the rows that decide instead which categories
  // have a row in the result and what is ever missing; none: the same.
  Coding(const Table& table, std::span<const std::uint64_t> rows, const CsvSpec& spec,
         std::span<const std::uint64_t> known = {});

  // d x rows.size(). The table's input columns may stand in any order. Throws Error, all problems
  // together, for columns that are missing, unknown categories, and missing values without a fill.
  arma::mat apply(const Table& table, std::span<const std::uint64_t> rows) const;

  const std::vector<ColumnCoding>& columns() const { return columns_; }
  std::vector<std::string> inputs() const;  // the names of the rows of apply()

 private:
  std::vector<ColumnCoding> columns_;
};

}  // namespace descent::data
