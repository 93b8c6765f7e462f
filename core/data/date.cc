// SPDX-License-Identifier: MIT
#include "data/date.h"

#include <time.h>

#include <chrono>
#include <limits>

namespace descent::data {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// Reads up to `most` digits from the front; -1: there are none.
int digits(std::string_view& text, std::size_t most, std::size_t* count = nullptr) {
  int value = -1;
  std::size_t n = 0;
  for (; n < most && n < text.size() && text[n] >= '0' && text[n] <= '9'; ++n)
    value = 10 * (value < 0 ? 0 : value) + (text[n] - '0');
  text.remove_prefix(n);
  if (count) *count = n;
  return value;
}

bool one_of(std::string_view& text, std::string_view marks) {
  if (text.empty() || marks.find(text[0]) == marks.npos) return false;
  text.remove_prefix(1);
  return true;
}

// The share of a day; nothing when it is no time. An empty text is midnight.
std::optional<double> time_of_day(std::string_view text) {
  if (text.empty()) return 0.0;
  if (!one_of(text, " T")) return {};
  int part[3] = {0, 0, 0};
  for (int i = 0; i < 3; ++i) {
    part[i] = digits(text, 2);
    if (part[i] < 0) return {};
    if (i < 2 && !one_of(text, ":.")) break;
  }
  one_of(text, "Z");
  if (!text.empty() || part[0] > 24 || part[1] > 59 || part[2] > 60) return {};
  return (part[0] * 3600 + part[1] * 60 + part[2]) / 86400.0;
}

}  // namespace

std::optional<double> days_of(int year, int month, int day) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month)),
                            std::chrono::day(unsigned(day))};
  if (month < 1 || day < 1 || !date.ok()) return {};
  return double(sys_days(date).time_since_epoch().count());
}

bool DateReader::add(std::string_view text) {
  if (format_.empty()) return add_free(text);
  struct tm parts {};
  parts.tm_mday = 1;
  const std::string whole(text);
  const char* const end = ::strptime(whole.c_str(), format_.c_str(), &parts);
  const auto days =
      end && !*end ? days_of(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday) : std::nullopt;
  days_.push_back(days ? *days + (parts.tm_hour * 3600 + parts.tm_min * 60 + parts.tm_sec) / 86400.0
                       : missing);
  month_first_days_.push_back(missing);
  return days.has_value();
}

void DateReader::add_missing() {
  days_.push_back(missing);
  month_first_days_.push_back(missing);
}

bool DateReader::add_free(std::string_view text) {
  std::size_t width = 0;
  const int a = digits(text, 4, &width);
  const bool marked = one_of(text, "-/.");
  const int b = digits(text, 2);
  const bool marked_again = one_of(text, "-/.");
  const int c = digits(text, 4);
  const auto time = time_of_day(text);
  add_missing();
  if (a < 0 || b < 0 || c < 0 || !marked || !marked_again || !time) return false;
  if (width == 4) {
    const auto days = days_of(a, b, c);
    has_years_first_ |= days.has_value();
    if (days) days_.back() = month_first_days_.back() = *days + *time;
    return days.has_value();
  }
  const auto day_first = days_of(c, b, a), month_first = days_of(c, a, b);
  if (!day_first && !month_first) return false;
  if (is_known_ && !(day_first_ ? day_first : month_first_ ? month_first : std::nullopt))
    return false;
  has_slashes_ = true;
  day_first_ &= day_first.has_value();
  month_first_ &= month_first.has_value();
  days_.back() = day_first.value_or(missing) + *time;
  month_first_days_.back() = month_first.value_or(missing) + *time;
  return true;
}

DateOrder DateReader::order() const {
  if (has_slashes_) return day_first_ ? DateOrder::day_first : DateOrder::month_first;
  return has_years_first_ ? DateOrder::year_first : DateOrder::unknown;
}

std::vector<double> DateReader::days() && {
  return day_first_ ? std::move(days_) : std::move(month_first_days_);
}

}  // namespace descent::data
