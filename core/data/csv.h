// SPDX-License-Identifier: MIT
// A text file with named columns, read strictly: a record at a time (csv_records.h), each of as
// many fields as the header. Lines above the header that begin with # and are no header are
// skipped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "data/csv_records.h"
#include "data/dialect.h"
#include "data/field.h"
#include "data/spec.h"

namespace descent::data {

class CsvReader {
 public:
  // Reads the header. Throws Error for a file that cannot be read or has no header, for a first
  // line that looks like a sample unless spec says what it is, and for names that occur twice.
  explicit CsvReader(const std::string& path, const DialectSpec& spec = {});

  const std::string& path() const { return records_.path(); }
  const Dialect& dialect() const { return records_.dialect(); }
  // The names of the columns. A column without one is unnamed_N, where N counts from 1; without a
  // header they are 1, 2, ...
  const std::vector<std::string>& header() const { return header_; }
  int header_line() const { return header_line_; }  // 0: there is no header

  // Moves to the next record; false at the end. Throws Error for misplaced or unclosed quotes, and
  // at the end for all records with more or fewer fields than the header, which are skipped.
  bool next();
  const std::vector<Cell>& record() const { return records_.record(); }  // until the next next()
  std::uint64_t position() const { return records_.position(); }  // bytes up to the next record

 private:
  void read_header();
  bool is_remark(const std::vector<Field>& first, const std::vector<Field>& second);
  bool are_names_of(const std::vector<Field>& names, const std::vector<Field>& values) const;
  void set_header(const std::vector<Field>& first, const std::vector<Field>& second);
  bool looks_like_sample(const std::vector<Field>& first, const std::vector<Field>& second) const;
  std::size_t numbers_in(const std::vector<Field>& fields) const;
  bool is_number(std::string_view text) const;
  void name_columns(const std::vector<Field>& first);
  std::vector<Field> next_or_nothing();
  void note_length();

  CsvRecords records_;
  DialectSpec spec_;
  int header_line_ = 0;
  std::vector<std::string> header_;
  std::size_t trailing_ = 0;  // fields at the end of every row that are empty, as is their header
  std::vector<Problem> problems_;
  std::size_t odd_rows_ = 0;
};

}  // namespace descent::data
