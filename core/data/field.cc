// SPDX-License-Identifier: MIT
#include "data/field.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"

namespace descent::data {

void refuse_size(const std::string& path, const Field& field, const std::string& column,
                 Element type) {
  throw Error(Place{path, field.line, field.column},
              fmt::format("column '{}': {} is too large for {} (its largest number is {:.3g}); "
                          "scale the column down{}",
                          shortened(column), shortened(field.text), name(type), largest(type),
                          type == Element::float32 ? " or set dtype: float64" : ""));
}

std::optional<double> number(std::string_view text) {
  const auto value = number_of(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::string no_number(std::string_view text, const std::string& column, const Dialect& dialect) {
  const auto notation = other_notation(text, dialect);
  return fmt::format("column '{}' must be a finite number, not '{}'{}", shortened(column),
                     shortened(text), notation.empty() ? "" : "; set " + notation + "?");
}

double number(const std::string& path, const Field& field, const std::string& column,
              const Dialect& dialect) {
  const auto value = dialect.number(field.text);
  if (value && std::isfinite(*value)) return *value;
  if (value) refuse_size(path, field, column, Element::float64);
  throw Error(Place{path, field.line, field.column}, no_number(field.text, column, dialect));
}

}  // namespace descent::data
