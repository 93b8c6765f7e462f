// SPDX-License-Identifier: MIT
// The records of a text file, one at a time, each field with its place. A file is RFC 4180 with any
// separator (dialect.h). Lines end in LF, CRLF or CR; a UTF-8 byte order mark, empty lines,
// comments, rows of empty fields at the end and a first line "sep=;" are skipped; blanks around a
// field count only inside quotes. gzip is unpacked.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/byte_stream.h"
#include "data/dialect.h"
#include "data/field.h"
#include "data/spec.h"

namespace descent::data {

class CsvRecords {
 public:
  // Throws Error for a file that cannot be read.
  CsvRecords(const std::string& path, const DialectSpec& spec);

  const std::string& path() const { return path_; }
  const Dialect& dialect() const { return dialect_; }

  // Moves to the next record; false at the end. Throws Error for misplaced or unclosed quotes and
  // for bytes that are no text.
  bool next();
  const std::vector<Cell>& record() const { return record_; }  // until the next next()
  void drop_fields_from(std::size_t size) { record_.resize(size); }
  std::uint64_t position() const { return dropped_ + at_; }  // bytes up to the next record

  // Before which record the next next() begins. Going back is possible until free_read().
  struct Mark {
    std::size_t at;
    int line;
  };
  Mark mark() const { return {at_, line_}; }
  void go_back(const Mark& mark) { at_ = mark.at, line_ = mark.line; }
  void free_read() { keeps_read_ = false; }

  // An Error at that place of the file.
  [[noreturn]] void fail(int line, int column, const std::string& text) const;

 private:
  void skip_line_ends();
  bool has_values_below();
  bool try_record(const char*& at, int& line);
  bool quoted(const char*& at, int& line, Cell& cell);
  std::string_view unescaped(std::string_view text);
  void plain(const char*& at, Cell& cell, bool may_be_remark) const;
  bool refill();
  void check_text(std::size_t begin, std::size_t end);

  std::string path_;
  ByteStream bytes_;
  Dialect dialect_;
  std::array<bool, 256> ends_plain_{};  // characters at which an unquoted field may end
  std::string block_;                   // bytes [at_, end_) are still to be read
  std::size_t at_ = 0, end_ = 0;
  std::uint64_t dropped_ = 0;              // bytes before the block
  bool is_last_ = false;                   // no bytes follow the block's
  bool keeps_read_ = true;                 // refill() keeps bytes before at_
  std::size_t unchecked_ = 0;              // bytes at the block's end that may begin a character
  const char* last_line_start_ = nullptr;  // within the current record
  int line_ = 1;
  std::vector<Cell> record_;
  std::deque<std::string> unescaped_;  // the texts of quoted fields that hold quotes
  std::size_t used_unescaped_ = 0;
};

}  // namespace descent::data
