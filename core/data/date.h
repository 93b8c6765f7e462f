// SPDX-License-Identifier: MIT
// Dates and times in a column, as days since 1970-01-01. The order of day and month follows from
// the column's values, where they are not written year first.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/spec.h"

namespace descent::data {

class DateReader {
 public:
  // format: as strptime reads it; "": YYYY-MM-DD, DD/MM/YYYY or MM/DD/YYYY with any of - / .
  // between and, after a blank or T, hh:mm, hh:mm:ss or hh.mm.ss. order: of another file whose
  // dates were read before; dates with the year first are never mistaken and fit any order.
  explicit DateReader(std::string format = "", DateOrder order = DateOrder::unknown)
      : format_(std::move(format)),
        is_known_(order != DateOrder::unknown),
        day_first_(order != DateOrder::month_first && order != DateOrder::year_first),
        month_first_(order != DateOrder::day_first && order != DateOrder::year_first) {}

  // False when it is no date. A missing one is NaN in the result.
  bool add(std::string_view text);
  void add_missing();

  // Whether days and months cannot be distinguished, so that a format is needed.
  bool is_ambiguous() const { return has_slashes_ && day_first_ && month_first_; }
  bool contradicts_itself() const { return has_slashes_ && !day_first_ && !month_first_; }

  DateOrder order() const;        // of the dates that were added; unknown with a format
  std::vector<double> days() &&;  // of all that were added

 private:
  bool add_free(std::string_view text);

  std::string format_;
  bool is_known_ = false;         // the order
  bool day_first_, month_first_;  // whether all dates may be such
  bool has_years_first_ = false, has_slashes_ = false;
  std::vector<double> days_, month_first_days_;  // the second: with day and month exchanged
};

// Days since 1970-01-01 of a day of the Gregorian calendar; nothing when there is no such day.
std::optional<double> days_of(int year, int month, int day);

}  // namespace descent::data
