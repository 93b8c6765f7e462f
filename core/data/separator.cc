// SPDX-License-Identifier: MIT
#include "data/separator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/error.h"
#include "base/utf8.h"

namespace descent::data {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t most_lines = 50;

bool ends_in_digit(std::string_view text) {
  return !text.empty() && text.back() >= '0' && text.back() <= '9';
}

// Takes the next line from a text, without blanks at its beginning.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find_first_of("\r\n");
  auto line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line;
}

// The lines of a text that are not empty, up to most_lines of them, without remarks above the
// header. Of a header that begins with # the lines below tell as much.
Lines lines_of(std::string_view text, const std::string& comment) {
  Lines lines, remarks;
  while (!text.empty() && lines.size() < most_lines) {
    const auto line = take_line(text);
    if (line.empty() || (!comment.empty() && line.starts_with(comment))) continue;
    const bool is_remark = lines.empty() && line.starts_with('#');
    (is_remark ? remarks : lines).push_back(line);
  }
  return lines.empty() ? remarks : lines;
}

Lines fields_of(std::string_view line, char separator) {
  Lines fields(1);
  std::size_t begin = 0;
  bool in_quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') in_quotes = !in_quotes;
    if (line[i] == separator && !in_quotes) fields.emplace_back(), begin = i + 1;
    fields.back() = line.substr(begin, i + 1 - begin);
  }
  return fields;
}

Lines words_of(std::string_view line) {
  Lines words;
  std::size_t begin = 0;
  bool in_word = false, in_quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') in_quotes = !in_quotes;
    const bool is_blank = (line[i] == ' ' || line[i] == '\t') && !in_quotes;
    if (!is_blank && !in_word) words.emplace_back(), begin = i;
    in_word = !is_blank;
    if (in_word) words.back() = line.substr(begin, i + 1 - begin);
  }
  return words;
}

Lines divided(std::string_view line, char separator) {
  auto fields = separator == ' ' ? words_of(line) : fields_of(line, separator);
  for (auto& field : fields) {
    const auto first = std::min(field.find_first_not_of(" \t"), field.size());
    field = field.substr(first, field.find_last_not_of(" \t") + 1 - first);
  }
  return fields;
}

// How a separator divides the lines.
struct Division {
  char separator = 0;
  std::size_t fields = 0;     // of nearly all lines, or of all but one, and above 1; else 0
  std::size_t odd_lines = 0;  // those with another number

  bool is_regular() const { return fields > 0; }
  bool is_better_than(const Division& other) const {
    if (!is_regular() || !other.is_regular()) return is_regular();
    return odd_lines != other.odd_lines ? odd_lines < other.odd_lines : fields > other.fields;
  }
};

// A title above the header would hide the separator of all other lines, so most lines decide.
Division division(const Lines& lines, char separator) {
  std::vector<std::size_t> counts;
  for (const auto line : lines) counts.push_back(divided(line, separator).size());
  auto sorted = counts;
  std::ranges::nth_element(sorted, sorted.begin() + std::ptrdiff_t(sorted.size() / 2));
  const auto usual = sorted[sorted.size() / 2];
  const auto odd = counts.size() - std::size_t(std::ranges::count(counts, usual));
  const bool is_rule = odd <= 1 || odd * 10 <= counts.size();
  return {separator, usual > 1 && is_rule ? usual : 0, odd};
}

bool reads_as_number(std::string_view text) {
  return Dialect{}.number(text) || !other_notation(text, Dialect{}).empty();
}

bool marks_missing(std::string_view text) {
  const auto marks = MissingSpec{}.values;
  return std::ranges::find(marks, text) != marks.end();
}

// 1,5 and not the "1," of "1, 5".
bool is_number_with_comma(std::string_view text) {
  const auto comma = text.find(',');
  return comma != text.npos && ends_in_digit(text.substr(0, comma)) && ends_in_digit(text) &&
         reads_as_number(text);
}

// What fields hold that another separator makes of the lines below the first, which may be names.
struct Contents {
  bool numbers_with_commas = false, texts_with_commas = false, texts = false;
};

Contents contents_between(const Lines& lines, char separator) {
  Contents found;
  for (std::size_t i = lines.size() > 1; i < lines.size(); ++i)
    for (const auto field : divided(lines[i], separator)) {
      if (field.starts_with('"')) continue;
      const bool has_comma = field.find(',') != field.npos;
      const bool is_decimal = is_number_with_comma(field);
      found.numbers_with_commas |= is_decimal;
      found.texts_with_commas |= has_comma && !is_decimal;
      found.texts |= has_comma ? !is_decimal : !reads_as_number(field) && !marks_missing(field);
    }
  return found;
}

[[noreturn]] void refuse_both(const std::string& path, char separator, std::string_view line) {
  Dialect dialect;
  dialect.separator = separator;
  throw Error(
      Place{path},
      fmt::format("commas and {0} both divide the lines evenly, and some commas may be decimal "
                  "marks: '{1}'; set data.csv.separator: \",\", or data.csv.separator: {2} and "
                  "data.csv.decimal: \",\"",
                  dialect.separator_name(), shortened(line),
                  separator == '\t' ? "tab" : fmt::format("\"{}\"", separator)));
}

// The separator between decimal commas, where `commas` divide the lines; 0: they separate.
char separator_of_decimal_commas(const std::string& path, const Dialect& dialect,
                                 const Lines& lines, const Division& commas) {
  for (const char candidate : {';', '\t', '|'}) {
    const auto other = division(lines, candidate);
    if (!other.is_regular() || other.odd_lines > commas.odd_lines) continue;
    const auto found = contents_between(lines, candidate);
    if (found.numbers_with_commas && found.texts_with_commas)
      refuse_both(path, candidate, lines.back());
    if (found.numbers_with_commas) return candidate;
  }
  const auto words = division(lines, ' ');
  if (!words.is_regular() || words.odd_lines > commas.odd_lines || dialect.thousands == ' ')
    return 0;
  const auto found = contents_between(lines, ' ');
  return found.numbers_with_commas && !found.texts ? ' ' : 0;
}

}  // namespace

std::optional<SeparatorLine> separator_line(std::string_view beginning) {
  const auto line = beginning.substr(0, beginning.find_first_of("\r\n"));
  auto text = line;
  if (text.size() > 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  if (text.size() != 5 || (!text.starts_with("sep=") && !text.starts_with("SEP="))) return {};
  const char separator = text[4];
  if (std::isalnum(static_cast<unsigned char>(separator)) || separator == '"') return {};
  return SeparatorLine{separator, line.size()};
}

// Between tabs, blanks may stand in text; but fields that blanks cut into many are numbers.
char find_separator(const std::string& path, const Dialect& dialect, std::string_view beginning) {
  const char none = dialect.decimal == ',' ? ';' : ',';
  const auto lines = lines_of(beginning, dialect.comment);
  if (lines.empty()) return none;
  Division best;
  for (const char candidate : {',', ';', '\t', '|'}) {
    if (candidate == dialect.decimal) continue;
    const auto found = division(lines, candidate);
    if (found.is_better_than(best)) best = found;
  }
  if (best.separator == ',') {
    const char other = separator_of_decimal_commas(path, dialect, lines, best);
    return other ? other : ',';
  }
  const auto words = division(lines, ' ');
  if (words.is_regular() &&
      (!best.is_regular() || (best.separator == '\t' && words.fields > 2 * best.fields)))
    return ' ';
  return best.is_regular() ? best.separator : none;
}

}  // namespace descent::data
