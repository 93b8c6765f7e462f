// SPDX-License-Identifier: MIT
#include "data/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "base/utf8.h"

namespace descent::data {
namespace {

constexpr std::size_t most_rows_named = 5;  // of those with another number of fields

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
    : records_(path, spec), spec_(spec) {
  read_header();
}

void CsvReader::read_header() {
  std::vector<Field> first, second;
  auto start = records_.mark();
  if (!records_.next()) throw Error(Place{path()}, "the file is empty; a header row is needed");
  for (first = copy_of(record());; first = std::move(second)) {
    const auto after = records_.mark();
    second = next_or_nothing();
    if (is_remark(first, second)) {
      start = after;
      continue;
    }
    using enum DialectSpec::Header;
    const bool is_sample =
        spec_.header == absent ||
        (spec_.header == automatic && !spec_.names.empty() && looks_like_sample(first, second));
    records_.go_back(is_sample ? start : after);
    if (is_sample)
      header_line_ = 0;
    else
      set_header(first, second);
    name_columns(first);
    break;
  }
  records_.free_read();
}

std::vector<Field> CsvReader::next_or_nothing() {
  return records_.next() ? copy_of(record()) : std::vector<Field>();
}

// A line that begins with # may be the header itself. Moves back to the end of the second record.
bool CsvReader::is_remark(const std::vector<Field>& first, const std::vector<Field>& second) {
  if (!first[0].text.starts_with('#') || second.empty()) return false;
  if (second[0].text.starts_with('#') || second.size() != first.size()) return true;
  const auto after = records_.mark();
  const auto third = next_or_nothing();
  records_.go_back(after);
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
    records_.fail(
        first[0].line, first[0].column,
        "this is an ARFF file; set comment: \"@\", header: false and names: the list of its "
        "attributes");
  const bool is_remark = first.size() == 1 && second.size() > 1;
  if (is_remark && spec_.header != DialectSpec::Header::present)
    records_.fail(
        first[0].line, first[0].column,
        fmt::format("the header has one column and the next line {}; if this line is a remark, "
                    "delete it{}",
                    second.size(),
                    std::ispunct(static_cast<unsigned char>(first[0].text[0]))
                        ? fmt::format(" or set comment: \"{}\"", first[0].text.substr(0, 1))
                        : ""));
  if (spec_.header == DialectSpec::Header::automatic && looks_like_sample(first, second))
    records_.fail(
        first[0].line, first[0].column,
        fmt::format("the first line looks like a sample: {} of its {} {} numbers; set header: "
                    "false if the file has no header (its columns are then called 1, 2, ...), or "
                    "header: true if these are names",
                    numbers_in(first), first.size(),
                    first.size() == 1 ? "field is" : "fields are"));
  std::set<std::string> seen;
  for (const auto& field : first)
    if (!field.text.empty() && !seen.insert(field.text).second && spec_.names.empty())
      records_.fail(
          field.line, field.column,
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
  return dialect().number(text) || !other_notation(text, dialect()).empty();
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
    records_.fail(first[0].line, first[0].column,
                  fmt::format("data.csv.names gives {} names, and this line has {} {}",
                              spec_.names.size(), columns, fields_word(columns)));
  for (std::size_t i = 0; i < columns; ++i)
    header_.push_back(!spec_.names.empty()    ? spec_.names[i]
                      : header_line_ == 0     ? std::to_string(i + 1)
                      : first[i].text.empty() ? fmt::format("unnamed_{}", i + 1)
                                              : first[i].text);
}

bool CsvReader::next() {
  while (records_.next()) {
    auto size = record().size();
    while (size > header_.size() && size > record().size() - std::min(trailing_, record().size()) &&
           record()[size - 1].text.empty())
      --size;
    records_.drop_fields_from(size);
    if (size == header_.size()) return true;
    note_length();
  }
  if (odd_rows_ > most_rows_named)
    problems_.push_back({Place{path()}, fmt::format("{} more rows are too short or too long",
                                                    odd_rows_ - most_rows_named)});
  if (!problems_.empty()) throw Error(std::exchange(problems_, {}));
  return false;
}

void CsvReader::note_length() {
  if (++odd_rows_ > most_rows_named) return;
  problems_.push_back(
      {Place{path(), record().front().line, record().front().column},
       fmt::format("this row has {} {}, the {} {}", record().size(), fields_word(record().size()),
                   header_line_ ? "header has" : "first row has", header_.size())});
}

}  // namespace descent::data
