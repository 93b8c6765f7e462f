// SPDX-License-Identifier: MIT
// Makes an input column of the fields of a file, and finds out what it holds.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "data/date.h"
#include "data/field.h"
#include "data/table.h"

namespace descent::data {

// Which texts stand for a missing value.
class MissingMarks {
 public:
  MissingMarks(const MissingSpec& spec, const Dialect& dialect);

  bool is_missing(std::string_view text) const;
  bool is_missing(double number) const;  // -200 is also -200.0

 private:
  std::vector<std::string> texts_;
  std::vector<double> numbers_;
};

// What a column is taken for before it is read: nothing: numbers if its first value is one, else
// categories.
struct ColumnRole {
  std::string name;
  std::optional<ColumnKind> kind{};
  std::vector<std::string> order{};  // of ordinals
  bool may_be_empty = false;  // all values may be missing: training has learnt what to fill in
  DateOrder date_order = DateOrder::unknown;  // of the training file
};

class ColumnBuilder {
 public:
  // What it refers to must outlive it.
  ColumnBuilder(ColumnRole role, const CsvSpec& spec, const Dialect& dialect,
                const MissingMarks& marks);

  void add(const Cell& cell);
  void reserve(std::size_t rows);  // memory for so many, so that it need not grow

  // Ends the column. Adds to problems what is wrong with it, with the place where it first is.
  Column finish(const std::string& path, std::vector<Problem>& problems);

  // The number of different texts, if they are more than make a column categorical by itself; else
  // 0.
  std::size_t excess() const;
  // A value of such a column if all are numbers between other signs, such as "4.12 kg" or "$7";
  // else "".
  std::string adorned_number() const;
  const std::string& name() const { return role_.name; }

  static constexpr std::size_t most_categories = 50;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  void push(double number);
  void push_collected();
  void add_number(const Cell& cell);
  void add_category(const Cell& cell);
  void add_ordinal(const Cell& cell);
  void add_missing(const Cell& cell);
  void become_text();
  void note(std::optional<Field>& first, const Cell& cell) const;
  void sort_categories(Column& column) const;
  void report(const std::string& path, std::vector<Problem>& problems) const;
  // What is wrong with the first wrong value, and with missing ones; "": nothing.
  std::string wrong_value() const;
  std::string missing_values() const;
  bool is_mixed() const;
  std::string valid_dates() const;

  ColumnRole role_;
  const CsvSpec& spec_;
  const Dialect& dialect_;
  const MissingMarks& marks_;
  ColumnKind kind_ = ColumnKind::number;
  Column column_;
  // Numbers on their way to the column. Side by side, many columns would displace each other in the
  // caches with every row: they begin at like addresses of their pages.
  std::array<double, 128> collected_{};
  std::size_t collected_count_ = 0;
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> codes_;
  DateReader dates_;
  std::uint64_t rows_ = 0;
  std::uint64_t numbers_ = 0, texts_ = 0;  // values that are and are not numbers
  std::uint64_t wrong_ = 0;                // values that are neither missing nor of the kind
  std::optional<Field> first_number_, first_wrong_, first_missing_, first_too_large_;
};

}  // namespace descent::data
