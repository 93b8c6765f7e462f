// SPDX-License-Identifier: MIT
// Numbers as files write them, and whole numbers without rounding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace descent {

// The whole text as a decimal number in C notation, rounded to the nearest double. Infinite where
// it is too large for a double, 0 where it is too small. Nothing for any other text, the words inf
// and nan included.
std::optional<double> number_of(std::string_view text);

// The digits of a text that number_of() reads and that is a whole number, exactly: "-120" of
// "-1.2e2". Nothing for other numbers.
std::optional<std::string> whole_digits(std::string_view text);

}  // namespace descent
