// SPDX-License-Identifier: MIT
#include "report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

namespace descent::report {
namespace {

std::string superscript(int exponent) {
  static const char* const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "⁻" : "";
  for (const char c : std::to_string(std::abs(exponent))) text += digits[c - '0'];
  return text;
}

// {:.{}g} never has an exponent here, and may end in zeros only before the point.
std::string plain(double size, int exponent, int digits) {
  if (exponent >= digits) return fmt::format("{:.0f}", size);
  return fmt::format("{:.{}g}", size, digits);
}

}  // namespace

std::string number_text(double value, int digits) {
  if (std::isnan(value)) return "–";
  const std::string sign = value < 0 ? "−" : "";
  if (std::isinf(value)) return sign + "∞";
  if (value == 0) return "0";
  const auto scientific = fmt::format("{:.{}e}", std::abs(value), digits - 1);  // rounds up, too
  const auto e = scientific.find('e');
  const int exponent = std::atoi(scientific.c_str() + e + 1);
  if (exponent < 6 && exponent >= -4) return sign + plain(std::abs(value), exponent, digits);
  const double mantissa = std::strtod(scientific.substr(0, e).c_str(), nullptr);
  const auto factor = mantissa == 1 ? "" : fmt::format("{:g}×", mantissa);
  return sign + factor + "10" + superscript(exponent);
}

std::string value_text(const store::Value& value, int digits) {
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return number_text(double(*whole), digits);
  if (const auto* real = std::get_if<double>(&value)) return number_text(*real, digits);
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : "–";
}

std::string count_text(std::int64_t count) {
  auto text = std::to_string(count);
  for (auto place = std::ptrdiff_t(text.size()) - 3; place > (count < 0 ? 1 : 0); place -= 3)
    text.insert(std::size_t(place), ",");
  return text;
}

std::string counted(std::int64_t count, const std::string& noun) {
  return count_text(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string list_text(const std::vector<std::string>& items, const char* last) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i)
    text += (i == 0 ? "" : i + 1 == items.size() ? last : ", ") + items[i];
  return text;
}

std::string words_of(std::string metric) {
  std::ranges::replace(metric, '_', ' ');
  return metric;
}

std::string capitalized(std::string text) {
  if (!text.empty()) text[0] = char(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string html_text(const std::string& text) {
  std::string safe;
  for (const char c : text) switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  return safe;
}

}  // namespace descent::report
