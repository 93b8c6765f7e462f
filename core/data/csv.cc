// SPDX-License-Identifier: MIT
#include "data/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <utility>

#include "base/number.h"
#include "base/utf8.h"
#include "data/separator.h"

namespace descent::data {
namespace {

constexpr std::size_t block_size = 1 << 20;
constexpr std::size_t most_rows_named = 5;  // of those with another number of fields

bool blank(char c) { return c == ' ' || c == '\t'; }

std::vector<Field> copy_of(const std::vector<Cell>& record) {
  std::vector<Field> fields;
  fields.reserve(record.size());
  for (const auto& cell : record)
    fields.push_back({std::string(cell.text), cell.line, cell.column});
  return fields;
}

const char* fields_word(std::size_t n) { return n == 1 ? "field" : "fields"; }

}  // namespace

CsvReader::CsvReader(const std::string& path, const DialectSpec& spec)
    : path_(path), bytes_(path), spec_(spec) {
  refill();
  if (std::string_view(block_).substr(0, end_).starts_with("\xEF\xBB\xBF")) at_ = 3;
  const auto beginning = std::string_view(block_).substr(at_, end_ - at_);
  dialect_ = dialect_of(spec, path, beginning);
  if (const auto line = separator_line(beginning)) at_ += line->length;
  for (const char c : {'\n', '\r', '"', dialect_.separator})
    ends_plain_[static_cast<unsigned char>(c)] = true;
  if (dialect_.is_blank()) ends_plain_['\t'] = true;
  read_header();
}

void CsvReader::read_header() {
  std::vector<Field> first, second;
  std::size_t start = at_;
  int start_line = line_;
  keep_ = 0;
  if (!read_record()) throw Error(Place{path_}, "the file is empty; a header row is needed");
  for (first = copy_of(record_);; first = std::move(second)) {
    const auto after = at_;
    const int after_line = line_;
    second = read_record() ? copy_of(record_) : std::vector<Field>();
    if (is_remark(first, second)) {
      start = after, start_line = after_line;
      continue;
    }
    using enum DialectSpec::Header;
    const bool is_sample =
        spec_.header == absent ||
        (spec_.header == automatic && !spec_.names.empty() && looks_like_sample(first, second));
    at_ = is_sample ? start : after;
    line_ = is_sample ? start_line : after_line;
    if (is_sample)
      header_line_ = 0;
    else
      set_header(first, second);
    name_columns(first);
    break;
  }
  keep_.reset();
}

// A line that begins with # may be the header itself. Moves back to the end of the second record.
bool CsvReader::is_remark(const std::vector<Field>& first, const std::vector<Field>& second) {
  if (!first[0].text.starts_with('#') || second.empty()) return false;
  if (second[0].text.starts_with('#') || second.size() != first.size()) return true;
  const auto after = at_;
  const int after_line = line_;
  const auto third = read_record() ? copy_of(record_) : std::vector<Field>();
  at_ = after, line_ = after_line;
  return are_names_of(second, third);
}

// Texts above numbers, and nothing that stands for a missing value.
bool CsvReader::are_names_of(const std::vector<Field>& names,
                             const std::vector<Field>& values) const {
  const auto missing = MissingSpec{}.values;
  return names.size() == values.size() && numbers_in(names) == 0 && numbers_in(values) > 0 &&
         std::ranges::none_of(names, [&](const Field& name) {
           return std::ranges::find(missing, name.text) != missing.end();
         });
}

void CsvReader::set_header(const std::vector<Field>& first, const std::vector<Field>& second) {
  header_line_ = first[0].line;
  if (first[0].text.starts_with("@relation") || first[0].text.starts_with("@RELATION"))
    fail(first[0].line, first[0].column,
         "this is an ARFF file; set comment: \"@\", header: false and names: the list of its "
         "attributes");
  const bool is_remark = first.size() == 1 && second.size() > 1;
  if (is_remark && spec_.header != DialectSpec::Header::present)
    fail(first[0].line, first[0].column,
         fmt::format("the header has one column and the next line {}; if this line is a remark, "
                     "delete it{}",
                     second.size(),
                     std::ispunct(static_cast<unsigned char>(first[0].text[0]))
                         ? fmt::format(" or set comment: \"{}\"", first[0].text.substr(0, 1))
                         : ""));
  if (spec_.header == DialectSpec::Header::automatic && looks_like_sample(first, second))
    fail(first[0].line, first[0].column,
         fmt::format("the first line looks like a sample: {} of its {} {} numbers; set header: "
                     "false if the file has no header (its columns are then called 1, 2, ...), or "
                     "header: true if these are names",
                     numbers_in(first), first.size(),
                     first.size() == 1 ? "field is" : "fields are"));
  std::set<std::string> seen;
  for (const auto& field : first)
    if (!field.text.empty() && !seen.insert(field.text).second && spec_.names.empty())
      fail(field.line, field.column,
           fmt::format("the column name '{}' occurs twice; rename one of them, or set header: "
                       "false if this line is a sample",
                       shortened(field.text)));
  std::size_t named = first.size();
  while (named > 1 && first[named - 1].text.empty()) --named;
  trailing_ = first.size() - named;
}

std::size_t CsvReader::numbers_in(const std::vector<Field>& fields) const {
  return std::size_t(
      std::ranges::count_if(fields, [&](const Field& field) { return is_number(field.text); }));
}

// Also in another notation, for which a key may be missing.
bool CsvReader::is_number(std::string_view text) const {
  return dialect_.number(text) || !other_notation(text, dialect_).empty();
}

// A name may be a number, as a year or the position of a pixel, but hardly one with a fraction.
bool CsvReader::looks_like_sample(const std::vector<Field>& first,
                                  const std::vector<Field>& second) const {
  std::size_t numbers = 0;
  bool has_fraction = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!is_number(first[i].text)) continue;
    const bool is_text_below = i < second.size() && !second[i].text.empty() &&
                               !is_number(second[i].text) && second[i].text != "?";
    if (is_text_below) continue;
    ++numbers;
    has_fraction |= first[i].text.find_first_of(".,") != std::string::npos;
  }
  return numbers > 0 && (has_fraction || 3 * numbers > first.size());
}

void CsvReader::name_columns(const std::vector<Field>& first) {
  const auto columns = first.size() - trailing_;
  if (!spec_.names.empty() && spec_.names.size() != columns)
    fail(first[0].line, first[0].column,
         fmt::format("data.csv.names gives {} names, and this line has {} {}", spec_.names.size(),
                     columns, fields_word(columns)));
  for (std::size_t i = 0; i < columns; ++i)
    header_.push_back(!spec_.names.empty()    ? spec_.names[i]
                      : header_line_ == 0     ? std::to_string(i + 1)
                      : first[i].text.empty() ? fmt::format("unnamed_{}", i + 1)
                                              : first[i].text);
}

bool CsvReader::next() {
  while (read_record()) {
    auto size = record_.size();
    while (size > header_.size() && size > record_.size() - std::min(trailing_, record_.size()) &&
           record_[size - 1].text.empty())
      --size;
    record_.resize(size);
    if (size == header_.size()) return true;
    note_length();
  }
  if (odd_rows_ > most_rows_named)
    problems_.push_back({Place{path_}, fmt::format("{} more rows are too short or too long",
                                                   odd_rows_ - most_rows_named)});
  if (!problems_.empty()) throw Error(std::exchange(problems_, {}));
  return false;
}

void CsvReader::note_length() {
  if (++odd_rows_ > most_rows_named) return;
  problems_.push_back(
      {Place{path_, record_.front().line, record_.front().column},
       fmt::format("this row has {} {}, the {} {}", record_.size(), fields_word(record_.size()),
                   header_line_ ? "header has" : "first row has", header_.size())});
}

// Rows of empty fields at the end of a file are no rows: spreadsheets leave them behind.
bool CsvReader::read_record() {
  for (;;) {
    skip_line_ends();
    const char* at = block_.data() + at_;
    int line = line_;
    if (at_ == end_ || !try_record(at, line)) {
      if (!refill()) return false;
      continue;
    }
    at_ = std::size_t(at - block_.data());
    line_ = line;
    const bool is_comment =
        !dialect_.comment.empty() && record_[0].text.starts_with(dialect_.comment);
    if (is_comment) continue;
    const bool is_empty =
        std::ranges::all_of(record_, [](const Cell& cell) { return cell.text.empty(); });
    if (!is_empty || (has_values_below() && record_.size() > 1)) return true;
  }
}

void CsvReader::skip_line_ends() {
  while (at_ != end_ && (block_[at_] == '\n' || block_[at_] == '\r')) {
    const bool is_return = block_[at_] == '\r';
    if (is_return && at_ + 1 == end_ && !is_last_) return;
    line_ += !is_return || at_ + 1 == end_ || block_[at_ + 1] != '\n';
    ++at_;
  }
}

// Only after a row of empty fields: whether the rest of the file has others.
bool CsvReader::has_values_below() {
  for (std::size_t done = 0;;) {
    const auto rest = std::string_view(block_).substr(at_ + done, end_ - at_ - done);
    const char empty[] = {dialect_.separator, ' ', '\t', '\r', '\n', '"', 0};
    if (rest.find_first_not_of(empty) != rest.npos) return true;
    done += rest.size();
    if (!refill()) return false;
  }
}

// One record from `at` on, which moves behind its line end; false when the block ends before it.
bool CsvReader::try_record(const char*& at, int& line) {
  const char* const end = block_.data() + end_;
  const char* const line_start = at;
  const int first_line = line;
  std::size_t count = 0;
  used_unescaped_ = 0;
  for (;;) {
    while (at != end && (*at == ' ' || (*at == '\t' && dialect_.separator != '\t'))) ++at;
    if (dialect_.is_blank() && count > 0 && (at == end || *at == '\n' || *at == '\r')) break;
    if (count == record_.size()) record_.emplace_back();
    auto& cell = record_[count++];
    if (at == end && !is_last_) return false;
    cell.column = int(at - (line == first_line ? line_start : last_line_start_)) + 1;
    cell.line = line;
    if (at != end && *at == '"') {
      if (!quoted(at, line, cell)) return false;
    } else {
      plain(at, cell);
    }
    if (at == end || *at == '\n' || *at == '\r') break;
    if (!dialect_.is_blank()) ++at;  // the separator
  }
  if (at == end && !is_last_) return false;
  record_.resize(count);
  if (at != end && *at == '\r') {
    if (at + 1 == end && !is_last_) return false;
    if (at + 1 != end && at[1] == '\n') ++at;
  }
  if (at != end) ++at;
  ++line;
  return true;
}

void CsvReader::plain(const char*& at, Cell& cell) const {
  const char* const end = block_.data() + end_;
  const char* const begin = at;
  const bool is_remark = !dialect_.comment.empty() && cell.column == 1;
  while (at != end && !ends_plain_[static_cast<unsigned char>(*at)]) ++at;
  if (at != end && *at == '"') {
    const bool in_comment =
        is_remark && std::string_view(begin, std::size_t(at - begin)).starts_with(dialect_.comment);
    if (!in_comment)
      fail(cell.line, cell.column + int(at - begin),
           "a quote inside an unquoted field; quote the whole field");
    while (at != end && *at != '\n' && *at != '\r') ++at;
  }
  const char* last = at;
  while (last != begin && blank(last[-1])) --last;
  cell.text = {begin, std::size_t(last - begin)};
}

// False when the block ends before the closing quote, or so soon behind it that what follows is not
// known.
bool CsvReader::quoted(const char*& at, int& line, Cell& cell) {
  const char* const end = block_.data() + end_;
  const char* const begin = at + 1;
  bool has_quotes = false;
  const char* to = begin;
  for (;; to += 2, has_quotes = true) {
    while (to != end && *to != '"') {
      if (*to == '\n') ++line, last_line_start_ = to + 1;
      ++to;
    }
    if (to == end) {
      if (is_last_) fail(cell.line, cell.column, "this quote is never closed");
      return false;
    }
    if (to + 1 == end && !is_last_) return false;
    if (to + 1 == end || to[1] != '"') break;
  }
  cell.text = {begin, std::size_t(to - begin)};
  if (has_quotes) cell.text = unescaped(cell.text);
  at = to + 1;
  while (at != end && (*at == ' ' || (*at == '\t' && dialect_.separator != '\t'))) ++at;
  const bool is_over = at == end || *at == '\n' || *at == '\r' || *at == dialect_.separator ||
                       (dialect_.is_blank() && at != to + 1);
  if (!is_over)
    fail(line, cell.column + int(at - begin) + 1,
         fmt::format("text after a closing quote; {} separate fields (a quote inside a quoted "
                     "field is written twice)",
                     dialect_.separator_name()));
  return true;
}

std::string_view CsvReader::unescaped(std::string_view text) {
  if (used_unescaped_ == unescaped_.size()) unescaped_.emplace_back();
  auto& plain = unescaped_[used_unescaped_++];
  plain.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    plain += text[i];
    i += text[i] == '"';
  }
  return plain;
}

// More bytes behind those that are still to be read; false when there are none.
bool CsvReader::refill() {
  if (is_last_) return false;
  const auto from = keep_.value_or(at_);
  std::memmove(block_.data(), block_.data() + from, end_ - from);
  dropped_ += from;
  if (keep_) *keep_ -= from;
  at_ -= from;
  end_ -= from;
  block_.resize(std::max(end_ + block_size, block_.size()));
  const auto room = block_.size() - end_;
  const auto got = bytes_.read(block_.data() + end_, room);
  is_last_ = got < room;
  check_text(end_, end_ + got);
  end_ += got;
  return true;
}

// A block may end within a character, which is checked with the next one.
void CsvReader::check_text(std::size_t begin, std::size_t end) {
  unsigned char seen = 0;
  bool has_nul = false;
  for (std::size_t i = begin; i < end; ++i) {
    seen |= static_cast<unsigned char>(block_[i]);
    has_nul |= block_[i] == 0;
  }
  if (seen < 0x80 && !has_nul && unchecked_ == 0) return;
  begin -= unchecked_;
  unchecked_ = 0;
  auto checked = end;
  if (!is_last_)
    for (std::size_t back = 1; back <= 3 && back <= end - begin; ++back)
      if (static_cast<unsigned char>(block_[end - back]) >= 0xC0) checked = end - back;
  unchecked_ = end - checked;
  // From the last line's start on, so that the place is right.
  auto from = begin;
  while (from > at_ && block_[from - 1] != '\n') --from;
  const auto lines =
      std::count(block_.begin() + std::ptrdiff_t(at_), block_.begin() + std::ptrdiff_t(from), '\n');
  try {
    check_is_text(path_, std::string_view(block_).substr(from, checked - from));
  } catch (const Error& error) {
    auto problems = error.problems();
    for (auto& problem : problems)
      if (problem.place.line > 0) problem.place.line += line_ - 1 + int(lines);
    throw Error(std::move(problems));
  }
}

void CsvReader::fail(int line, int column, const std::string& text) const {
  throw Error(Place{path_, line, column}, text);
}

void refuse_size(const std::string& path, const Field& field, const std::string& column,
                 Element type) {
  throw Error(Place{path, field.line, field.column},
              fmt::format("column '{}': {} is too large for {} (its largest number is {:.3g}); "
                          "scale the column down{}",
                          shortened(column), shortened(field.text), name(type), largest(type),
                          type == Element::float32 ? " or set dtype: float64" : ""));
}

std::optional<double> number(std::string_view text) {
  const auto value = number_of(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::string no_number(std::string_view text, const std::string& column, const Dialect& dialect) {
  const auto notation = other_notation(text, dialect);
  return fmt::format("column '{}' must be a finite number, not '{}'{}", shortened(column),
                     shortened(text), notation.empty() ? "" : "; set " + notation + "?");
}

double number(const std::string& path, const Field& field, const std::string& column,
              const Dialect& dialect) {
  const auto value = dialect.number(field.text);
  if (value && std::isfinite(*value)) return *value;
  if (value) refuse_size(path, field, column, Element::float64);
  throw Error(Place{path, field.line, field.column}, no_number(field.text, column, dialect));
}

}  // namespace descent::data
