// SPDX-License-Identifier: MIT
// The fields of text files, and the numbers in them, read strictly: an Error names the place.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/element.h"
#include "data/dialect.h"

namespace descent::data {

struct Field {
  std::string text;
  int line = 0, column = 0;  // where it begins, counted from 1, columns in bytes
};

// A field of the current record.
struct Cell {
  std::string_view text;
  int line = 0, column = 0;
};

// The whole text as a finite number in C notation, 0 if it is too small for a double; nothing when
// it is not one.
std::optional<double> number(std::string_view text);

// The same, or an Error at the field of that file. column: the column's name.
double number(const std::string& path, const Field& field, const std::string& column,
              const Dialect& dialect = {});

// What is wrong with a text that should be a number of that column, and what to do.
std::string no_number(std::string_view text, const std::string& column, const Dialect& dialect);

// The Error for a number that this type cannot hold.
[[noreturn]] void refuse_size(const std::string& path, const Field& field,
                              const std::string& column, Element type);

}  // namespace descent::data
