// SPDX-License-Identifier: MIT
#include "data/csv.h"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <set>

#include "base/file.h"
#include "base/number.h"
#include "base/utf8.h"

namespace descent::data {
namespace {

// A file is read several times, and always whole: a pipe or a device does not allow that.
std::string whole_file(const std::string& path) {
  std::error_code ignored;
  const auto is = std::filesystem::status(path, ignored);
  if (std::filesystem::is_directory(is))
    throw Error(Place{path}, "the data file is a folder; name a CSV file in it");
  if (std::filesystem::exists(is) && !std::filesystem::is_regular_file(is))
    throw Error(Place{path},
                "the data file is a pipe or a device; write what it gives into a file first");
  if (auto bytes = read_file(path)) return *std::move(bytes);
  throw Error(Place{path}, fmt::format("the data file cannot be read: {}", std::strerror(errno)));
}

bool blank(char c) { return c == ' ' || c == '\t'; }

// The whole header as one field: then the separator of this file is not a comma.
std::string separator_hint(const std::vector<Field>& header) {
  for (const char other : {';', '\t', '|'})
    if (header.size() == 1 && header[0].text.find(other) != std::string::npos)
      return fmt::format("; fields are separated by commas, and this header seems to use '{}'",
                         other == '\t' ? "\\t" : std::string(1, other));
  return "";
}

}  // namespace

CsvReader::CsvReader(const std::string& path) : path_(path), text_(whole_file(path)) {
  check_is_text(path, text_);
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  read_header();
}

void CsvReader::read_header() {
  if (!read_record()) throw Error(Place{path_}, "the file is empty; a header row is needed");
  const auto hint = separator_hint(record_);
  if (!hint.empty()) fail(1, 1, "the header has one column" + hint);
  std::set<std::string> seen;
  for (const auto& field : record_) {
    if (field.text.empty())
      fail(field.line, field.column, fmt::format("column {} has no name", header_.size() + 1));
    if (!seen.insert(field.text).second)
      fail(field.line, field.column,
           fmt::format("the column name '{}' occurs twice; rename one of them",
                       shortened(field.text)));
    header_.push_back(field.text);
  }
}

bool CsvReader::next() {
  if (!read_record()) return false;
  check_record();
  return true;
}

void CsvReader::check_record() const {
  if (record_.size() != header_.size())
    fail(record_.front().line, record_.front().column,
         fmt::format("this row has {} {}, the header has {}", record_.size(),
                     record_.size() == 1 ? "field" : "fields", header_.size()));
  for (std::size_t i = 0; i < record_.size(); ++i)
    if (record_[i].text.empty())
      fail(record_[i].line, record_[i].column,
           fmt::format("column '{}' is empty here; fill it in or drop the row",
                       shortened(header_[i])));
}

// Reuses the fields of the record before: their strings keep their memory.
bool CsvReader::read_record() {
  while (at_ < text_.size() && at_line_end()) end_line();
  if (at_ == text_.size()) return false;
  std::size_t count = 0;
  for (bool more = true; more; ++count) {
    if (count == record_.size()) record_.emplace_back();
    read_field(record_[count]);
    more = at_ < text_.size() && text_[at_] == ',';
    if (more) advance();
  }
  record_.resize(count);
  end_line();
  return true;
}

void CsvReader::read_field(Field& field) {
  skip_blanks();
  field.text.clear();
  field.line = line_;
  field.column = column_;
  if (at_ < text_.size() && text_[at_] == '"')
    read_quoted(field);
  else
    read_plain(field);
}

void CsvReader::read_quoted(Field& field) {
  for (advance();; advance()) {
    if (at_ == text_.size()) fail(field.line, field.column, "this quote is never closed");
    if (text_[at_] == '"') {
      advance();
      if (at_ == text_.size() || text_[at_] != '"') break;
    }
    field.text += text_[at_];
  }
  skip_blanks();
  if (at_ < text_.size() && text_[at_] != ',' && !at_line_end())
    fail(line_, column_,
         "text after a closing quote; a comma is expected (a quote inside a quoted field is "
         "written twice)");
}

void CsvReader::read_plain(Field& field) {
  for (; at_ < text_.size() && text_[at_] != ',' && !at_line_end(); advance()) {
    if (text_[at_] == '"')
      fail(line_, column_, "a quote inside an unquoted field; quote the whole field");
    field.text += text_[at_];
  }
  while (!field.text.empty() && blank(field.text.back())) field.text.pop_back();
}

void CsvReader::skip_blanks() {
  while (at_ < text_.size() && blank(text_[at_])) advance();
}

bool CsvReader::at_line_end() const { return text_[at_] == '\n' || text_[at_] == '\r'; }

void CsvReader::end_line() {
  if (at_ < text_.size() && text_[at_] == '\r' && text_.compare(at_, 2, "\r\n") == 0) ++at_;
  if (at_ < text_.size()) ++at_;
  ++line_;
  column_ = 1;
}

void CsvReader::advance() {
  const bool newline = text_[at_++] == '\n';
  line_ += newline;
  column_ = newline ? 1 : column_ + 1;
}

void CsvReader::fail(int line, int column, const std::string& text) const {
  throw Error(Place{path_, line, column}, text);
}

void refuse_size(const std::string& path, const Field& field, const std::string& column,
                 Element type) {
  throw Error(Place{path, field.line, field.column},
              fmt::format("column '{}': {} is too large for {}, whose largest number is {:.3g}; "
                          "scale the column down{}",
                          shortened(column), shortened(field.text), name(type), largest(type),
                          type == Element::float32 ? " or set dtype: float64" : ""));
}

std::optional<double> number(std::string_view text) {
  const auto value = number_of(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

double number(const std::string& path, const Field& field, const std::string& column) {
  const auto value = number_of(field.text);
  if (value && std::isfinite(*value)) return *value;
  if (value) refuse_size(path, field, column, Element::float64);
  throw Error(Place{path, field.line, field.column},
              fmt::format("column '{}' must be a finite number, not '{}'", shortened(column),
                          shortened(field.text)));
}

}  // namespace descent::data
