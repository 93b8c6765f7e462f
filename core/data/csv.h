// SPDX-License-Identifier: MIT
// Values in text files, read strictly: a record at a time, each field with its place. A file is
// RFC 4180 with any separator (dialect.h). Lines end in LF, CRLF or CR; a UTF-8 byte order mark,
// empty lines and rows of empty fields at the end are skipped, and so are a first line "sep=;" and
// lines above the header that begin with # and are no header; blanks around a field count only
// inside quotes. gzip is unpacked.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/element.h"
#include "base/error.h"
#include "data/byte_stream.h"
#include "data/dialect.h"
#include "data/spec.h"

namespace descent::data {

struct Field {
  std::string text;
  int line = 0, column = 0;  // where it begins, counted from 1, columns in bytes
};

// A field of the current record.
struct Cell {
  std::string_view text;
  int line = 0, column = 0;
};

class CsvReader {
 public:
  // Reads the header. Throws Error for a file that cannot be read or has no header, for a first
  // line that looks like a sample unless spec says what it is, and for names that occur twice.
  explicit CsvReader(const std::string& path, const DialectSpec& spec = {});

  const std::string& path() const { return path_; }
  const Dialect& dialect() const { return dialect_; }
  // The names of the columns. A column without one is unnamed_N, where N counts from 1; without a
  // header they are 1, 2, ...
  const std::vector<std::string>& header() const { return header_; }
  int header_line() const { return header_line_; }  // 0: there is no header

  // Moves to the next record; false at the end. Throws Error for misplaced or unclosed quotes, and
  // at the end for all records with more or fewer fields than the header, which are skipped.
  bool next();
  const std::vector<Cell>& record() const { return record_; }  // until the next next()
  std::uint64_t position() const { return dropped_ + at_; }    // bytes up to the next record

 private:
  void read_header();
  bool is_remark(const std::vector<Field>& first, const std::vector<Field>& second);
  bool are_names_of(const std::vector<Field>& names, const std::vector<Field>& values) const;
  void set_header(const std::vector<Field>& first, const std::vector<Field>& second);
  bool looks_like_sample(const std::vector<Field>& first, const std::vector<Field>& second) const;
  std::size_t numbers_in(const std::vector<Field>& fields) const;
  bool is_number(std::string_view text) const;
  void name_columns(const std::vector<Field>& first);
  void note_length();
  bool read_record();
  void skip_line_ends();
  bool has_values_below();
  bool try_record(const char*& at, int& line);
  bool quoted(const char*& at, int& line, Cell& cell);
  std::string_view unescaped(std::string_view text);
  void plain(const char*& at, Cell& cell) const;
  bool refill();
  void check_text(std::size_t begin, std::size_t end);
  [[noreturn]] void fail(int line, int column, const std::string& text) const;

  std::string path_;
  ByteStream bytes_;
  DialectSpec spec_;
  Dialect dialect_;
  std::array<bool, 256> ends_plain_{};  // characters at which an unquoted field may end
  std::string block_;                   // bytes [at_, end_) are still to be read
  std::size_t at_ = 0, end_ = 0;
  std::uint64_t dropped_ = 0;              // bytes before the block
  bool is_last_ = false;                   // no bytes follow the block's
  std::optional<std::size_t> keep_;        // what refill() keeps, if not [at_, end_)
  std::size_t unchecked_ = 0;              // bytes at the block's end that may begin a character
  const char* last_line_start_ = nullptr;  // within the current record
  int line_ = 1, header_line_ = 0;
  std::vector<std::string> header_;
  std::size_t trailing_ = 0;  // fields at the end of every row that are empty, as is their header
  std::vector<Cell> record_;
  std::deque<std::string> unescaped_;  // the texts of quoted fields that hold quotes
  std::size_t used_unescaped_ = 0;
  std::vector<Problem> problems_;
  std::size_t odd_rows_ = 0;
};

// The whole text as a finite number in C notation, 0 if it is too small for a double; nothing when
// it is not one.
std::optional<double> number(std::string_view text);

// The same, or an Error at the field of that file. column: the column's name.
double number(const std::string& path, const Field& field, const std::string& column,
              const Dialect& dialect = {});

// What is wrong with a text that should be a number of that column, and what to do.
std::string no_number(std::string_view text, const std::string& column, const Dialect& dialect);

// The Error for a number that this type cannot hold.
[[noreturn]] void refuse_size(const std::string& path, const Field& field,
                              const std::string& column, Element type);

}  // namespace descent::data
