// SPDX-License-Identifier: MIT
// Whether the output that a page shows is what a command prints.
#pragma once

#include "docs/page.h"

namespace descent::docs {

// Words and whole numbers are the same; numbers with a decimal point or an exponent agree within
// 1 % or 1e-4; times (a number before s, ms, ..., also `less than` it), the width of columns and
// blanks at the end do not count. `...` as a line stands for any lines, within a line for any text.
bool agrees(const Lines& shown, const Lines& printed);

// What the page should show. A line `...` in what it shows keeps as many lines before and after it
// as there are.
Lines updated(const Lines& shown, const Lines& printed);

}  // namespace descent::docs
