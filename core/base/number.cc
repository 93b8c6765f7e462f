// SPDX-License-Identifier: MIT
#include "base/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace descent {
namespace {

constexpr int most_digits = 400;  // the largest double has 309

std::string_view without_plus(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  return text;
}

// digits * 10^exponent, without zeros at either end; "" is 0.
struct Decimal {
  std::string digits;
  long exponent = 0;
};

Decimal decimal_of(const std::string& unsigned_text) {
  Decimal number;
  const auto e = unsigned_text.find_first_of("eE");
  const auto mantissa = unsigned_text.substr(0, e);
  if (e != unsigned_text.npos)
    number.exponent = std::clamp(std::strtol(unsigned_text.c_str() + e + 1, nullptr, 10),
                                 -1'000'000L, 1'000'000L);
  const auto point = mantissa.find('.');
  if (point != mantissa.npos) number.exponent -= long(mantissa.size() - point - 1);
  for (const char c : mantissa)
    if (c != '.' && !(number.digits.empty() && c == '0')) number.digits += c;
  for (; number.digits.ends_with('0'); ++number.exponent) number.digits.pop_back();
  return number;
}

}  // namespace

std::optional<double> number_of(std::string_view text) {
  text = without_plus(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return {};
  if (error == std::errc::result_out_of_range)
    return std::strtod(std::string(text).c_str(), nullptr);  // infinite, 0 or nearly 0
  if (!std::isfinite(value)) return {};
  return value;
}

std::optional<std::string> whole_digits(std::string_view text) {
  if (!number_of(text)) return {};
  std::string exact(without_plus(text));
  const bool is_negative = exact.starts_with('-');
  if (is_negative) exact.erase(0, 1);
  auto [digits, exponent] = decimal_of(exact);
  if (digits.empty()) return "0";
  if (exponent < 0 || long(digits.size()) + exponent > most_digits) return {};
  digits.append(std::size_t(exponent), '0');
  return is_negative ? "-" + digits : digits;
}

}  // namespace descent
