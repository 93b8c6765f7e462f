// SPDX-License-Identifier: MIT
// Dates and times in a column, as days since 1970-01-01. The order of day and month follows from
// the column's values, where they are not written year first.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace descent::data {

class DateReader {
 public:
  // format: as strptime reads it; "": YYYY-MM-DD, DD/MM/YYYY or MM/DD/YYYY with any of - / .
  // between and, after a blank or T, hh:mm, hh:mm:ss or hh.mm.ss.
  explicit DateReader(std::string format = "") : format_(std::move(format)) {}

  // False when it is no date. A missing one is NaN in the result.
  bool add(std::string_view text);
  void add_missing();

  // Whether days and months cannot be distinguished, so that a format is needed.
  bool is_ambiguous() const { return has_slashes_ && day_first_ && month_first_; }
  bool contradicts_itself() const { return has_slashes_ && !day_first_ && !month_first_; }

  std::vector<double> days() &&;  // of all that were added

 private:
  bool add_free(std::string_view text);

  std::string format_;
  bool has_slashes_ = false, day_first_ = true, month_first_ = true;
  std::vector<double> days_, month_first_days_;  // the second: with day and month exchanged
};

// Days since 1970-01-01 of a day of the Gregorian calendar; nothing when there is no such day.
std::optional<double> days_of(int year, int month, int day);

}  // namespace descent::data
