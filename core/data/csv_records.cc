// SPDX-License-Identifier: MIT
#include "data/csv_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/utf8.h"
#include "data/separator.h"

namespace descent::data {
namespace {

constexpr std::size_t block_size = 1 << 20;

bool blank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

CsvRecords::CsvRecords(const std::string& path, const DialectSpec& spec)
    : path_(path), bytes_(path) {
  refill();
  if (std::string_view(block_).substr(0, end_).starts_with("\xEF\xBB\xBF")) at_ = 3;
  const auto beginning = std::string_view(block_).substr(at_, end_ - at_);
  dialect_ = dialect_of(spec, path, beginning);
  if (const auto line = separator_line(beginning)) at_ += line->length;
  for (const char c : {'\n', '\r', '"', dialect_.separator})
    ends_plain_[static_cast<unsigned char>(c)] = true;
  if (dialect_.is_blank()) ends_plain_['\t'] = true;
}

// Rows of empty fields at the end of a file are no rows: spreadsheets leave them behind.
bool CsvRecords::next() {
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

void CsvRecords::skip_line_ends() {
  while (at_ != end_ && (block_[at_] == '\n' || block_[at_] == '\r')) {
    const bool is_return = block_[at_] == '\r';
    if (is_return && at_ + 1 == end_ && !is_last_) return;
    line_ += !is_return || at_ + 1 == end_ || block_[at_ + 1] != '\n';
    ++at_;
  }
}

// Only after a row of empty fields: whether the rest of the file has others.
bool CsvRecords::has_values_below() {
  for (std::size_t done = 0;;) {
    const auto rest = std::string_view(block_).substr(at_ + done, end_ - at_ - done);
    const char empty[] = {dialect_.separator, ' ', '\t', '\r', '\n', '"', 0};
    if (rest.find_first_not_of(empty) != rest.npos) return true;
    done += rest.size();
    if (!refill()) return false;
  }
}

// One record from `at` on, which moves behind its line end; false when the block ends before it.
bool CsvRecords::try_record(const char*& at, int& line) {
  const char* const end = block_.data() + end_;
  const char* const line_start = at;
  const int first_line = line;
  std::size_t count = 0;
  bool is_comment = false, may_be_remark = false;  // in which quotes are text
  used_unescaped_ = 0;
  for (;;) {
    while (at != end && (*at == ' ' || (*at == '\t' && dialect_.separator != '\t'))) ++at;
    if (dialect_.is_blank() && count > 0 && (at == end || *at == '\n' || *at == '\r')) break;
    if (count == 0) {
      const std::string_view rest(at, std::size_t(end - at));
      is_comment = !dialect_.comment.empty() && rest.starts_with(dialect_.comment);
      may_be_remark = is_comment || (keeps_read_ && rest.starts_with('#'));
    }
    if (count == record_.size()) record_.emplace_back();
    auto& cell = record_[count++];
    if (at == end && !is_last_) return false;
    cell.column = int(at - (line == first_line ? line_start : last_line_start_)) + 1;
    cell.line = line;
    if (at != end && *at == '"' && !is_comment) {
      if (!quoted(at, line, cell)) return false;
    } else {
      plain(at, cell, may_be_remark);
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

void CsvRecords::plain(const char*& at, Cell& cell, bool may_be_remark) const {
  const char* const end = block_.data() + end_;
  const char* const begin = at;
  while (at != end && !ends_plain_[static_cast<unsigned char>(*at)]) ++at;
  if (at != end && *at == '"') {
    if (!may_be_remark)
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
bool CsvRecords::quoted(const char*& at, int& line, Cell& cell) {
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

std::string_view CsvRecords::unescaped(std::string_view text) {
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
bool CsvRecords::refill() {
  if (is_last_) return false;
  const auto from = keeps_read_ ? 0 : at_;
  std::memmove(block_.data(), block_.data() + from, end_ - from);
  dropped_ += from;
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
void CsvRecords::check_text(std::size_t begin, std::size_t end) {
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

void CsvRecords::fail(int line, int column, const std::string& text) const {
  throw Error(Place{path_, line, column}, text);
}

}  // namespace descent::data
