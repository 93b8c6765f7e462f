// SPDX-License-Identifier: MIT
// Text for readers of a page: numbers, counted nouns, HTML, and names and values in SQL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/reader.h"

namespace descent::report {

// At most `digits` significant digits, a true minus sign, powers of ten from 1e6 and below 1e-4:
// "0.0456", "−1.5×10⁻⁷". An infinity is "∞", NaN "–".
std::string number_text(double value, int digits = 4);

// The same of a number; a text as it is, "–" for NULL.
std::string value_text(const store::Value& value, int digits = 4);

std::string count_text(std::int64_t count);                        // "12,345"
std::string counted(std::int64_t count, const std::string& noun);  // "1 point", "1,200 points"
std::string list_text(const std::vector<std::string>& items, const char* last = " and ");

std::string words_of(std::string metric);   // "test loss" for test_loss
std::string capitalized(std::string text);  // the first letter, of ASCII

// For an element's content and for attributes between double quotes.
std::string html_text(const std::string& text);

}  // namespace descent::report
