// SPDX-License-Identifier: MIT
// Comma-separated values as RFC 4180 writes them, read strictly: a record at a time, each field
// with its place. Lines end in LF, CRLF or CR; a UTF-8 byte order mark and empty lines are skipped;
// blanks around a field count only inside quotes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/element.h"
#include "base/error.h"

namespace descent::data {

struct Field {
  std::string text;
  int line = 0, column = 0;  // where it begins, counted from 1, columns in bytes
};

class CsvReader {
 public:
  // Reads the header. Throws Error for a file that cannot be read or has no header, and for column
  // names that are empty or occur twice.
  explicit CsvReader(const std::string& path);

  const std::string& path() const { return path_; }
  const std::vector<std::string>& header() const { return header_; }

  // Moves to the next record; false at the end. Throws Error for a record with more or fewer fields
  // than the header, an empty field, and misplaced or unclosed quotes.
  bool next();
  const std::vector<Field>& record() const { return record_; }  // until the next next()

 private:
  void read_header();
  void check_record() const;
  bool read_record();
  void read_field(Field& field);
  void read_quoted(Field& field);
  void read_plain(Field& field);
  void skip_blanks();
  bool at_line_end() const;
  void end_line();
  void advance();
  [[noreturn]] void fail(int line, int column, const std::string& text) const;

  std::string path_, text_;
  std::size_t at_ = 0;
  int line_ = 1, column_ = 1;  // of text_[at_]
  std::vector<std::string> header_;
  std::vector<Field> record_;
};

// The whole text as a finite number in C notation, 0 if it is too small for a double; nothing when
// it is not one.
std::optional<double> number(std::string_view text);

// The same, or an Error at the field of that file. column: the column's name.
double number(const std::string& path, const Field& field, const std::string& column);

// The Error for a number that this type cannot hold.
[[noreturn]] void refuse_size(const std::string& path, const Field& field,
                              const std::string& column, Element type);

}  // namespace descent::data
