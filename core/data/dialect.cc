// SPDX-License-Identifier: MIT
#include "data/dialect.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/error.h"
#include "base/number.h"
#include "data/separator.h"

namespace descent::data {
namespace {

char one_of(const std::string& given, std::string_view valid, const char* key, const char* names) {
  if (given.size() == 1 && valid.find(given[0]) != valid.npos) return given[0];
  throw Error::at(fmt::format("data.csv.{}", key),
                  fmt::format("'{}' is not one of {}", given, names));
}

char given_separator(const std::string& text) {
  if (text == "blank" || text == "blanks" || text == " ") return ' ';
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1 && !std::isalnum(static_cast<unsigned char>(text[0])) && text[0] != '"')
    return text[0];
  throw Error::at(
      "data.csv.separator",
      fmt::format("'{}' must be one character such as , or ;, or blank, tab or auto", text));
}

// Digits in groups of three after the first group: 1,234,567.
bool is_grouped(std::string_view digits, char mark) {
  const auto first = digits.find(mark);
  if (first == digits.npos) return true;
  if (first == 0 || first > 3) return false;
  for (std::size_t i = first; i < digits.size(); i += 4) {
    if (digits[i] != mark || digits.size() < i + 4) return false;
    for (std::size_t k = i + 1; k < i + 4; ++k)
      if (digits[k] < '0' || digits[k] > '9') return false;
  }
  return true;
}

std::optional<double> in_notation(std::string_view text, char decimal, char thousands) {
  std::string plain(text);
  const auto mark = plain.find_first_of(std::string("eE") + decimal);
  const auto sign = plain.starts_with('-') || plain.starts_with('+') ? 1 : 0;
  if (thousands) {
    const auto whole = plain.substr(std::size_t(sign), mark - std::size_t(sign));
    if (!is_grouped(whole, thousands)) return {};
    std::string digits = whole;
    std::erase(digits, thousands);
    plain = plain.substr(0, std::size_t(sign)) + digits +
            (mark == plain.npos ? "" : plain.substr(mark));
  }
  if (decimal != '.') {
    if (plain.find('.') != plain.npos) return {};
    std::ranges::replace(plain, decimal, '.');
  }
  return number_of(plain);
}

}  // namespace

std::string Dialect::separator_name() const {
  switch (separator) {
    case ',':
      return "commas";
    case ';':
      return "semicolons";
    case '\t':
      return "tabs";
    case '|':
      return "|";
    case ' ':
      return "blanks";
    default:
      return std::string(1, separator);
  }
}

// Up to 19 digits and a small power of ten are exact as doubles, so their quotient is the nearest
// double: Clinger, How to read floating point numbers accurately, 1990. All else takes the way of
// number_of(), with the same result.
std::optional<double> Dialect::number(std::string_view text) const {
  static constexpr double powers[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (decimal == '.' && !thousands) {
    const char *at = text.data(), *const end = at + text.size();
    const bool is_negative = at != end && *at == '-';
    at += is_negative;
    std::uint64_t digits = 0;
    const char* const first = at;
    while (at != end && *at >= '0' && *at <= '9') digits = 10 * digits + std::uint64_t(*at++ - '0');
    std::ptrdiff_t count = at - first, after_point = 0;
    if (at != end && *at == '.') {
      const char* const point = ++at;
      while (at != end && *at >= '0' && *at <= '9')
        digits = 10 * digits + std::uint64_t(*at++ - '0');
      after_point = at - point;
      count += after_point;
    }
    if (at == end && count > 0 && count <= 18 && digits < (std::uint64_t{1} << 53)) {
      const double value = double(digits) / powers[after_point];
      return is_negative ? -value : value;
    }
    return number_of(text);
  }
  return in_notation(text, decimal, thousands);
}

Dialect dialect_of(const DialectSpec& spec, const std::string& path, std::string_view beginning) {
  Dialect dialect;
  dialect.comment = spec.comment;
  dialect.decimal = one_of(spec.decimal, ".,", "decimal", ". and ,");
  if (!spec.thousands.empty())
    dialect.thousands = one_of(spec.thousands, ",. '_", "thousands", ", . ' _ and a blank");
  if (dialect.decimal == dialect.thousands)
    throw Error::at(
        "data.csv",
        fmt::format("'{}' cannot be both the decimal mark and the thousands'", dialect.decimal));
  const auto line = separator_line(beginning);
  dialect.separator = spec.separator != "auto" ? given_separator(spec.separator)
                      : line                   ? line->separator
                                               : find_separator(path, dialect, beginning);
  if (dialect.decimal == dialect.separator)
    throw Error::at(
        "data.csv",
        fmt::format("'{}' cannot be both the decimal mark and the separator", dialect.decimal));
  return dialect;
}

std::string other_notation(std::string_view text, const Dialect& dialect) {
  if (text.find_first_of(",.") == text.npos) return "";
  const bool has_thousands = dialect.decimal == '.' && in_notation(text, '.', ',');
  const bool has_decimals =
      dialect.decimal == '.' && dialect.thousands != ',' && in_notation(text, ',', 0);
  if (has_thousands && has_decimals) return "decimal: \",\" or thousands: \",\"";
  if (has_thousands) return "thousands: \",\"";
  if (has_decimals) return "decimal: \",\"";
  if (dialect.decimal == '.' && in_notation(text, ',', '.'))
    return "decimal: \",\" and thousands: \".\"";
  if (dialect.decimal == ',' && dialect.thousands != '.' && in_notation(text, '.', 0))
    return "decimal: \".\"";
  return "";
}

}  // namespace descent::data
