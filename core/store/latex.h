// SPDX-License-Identifier: MIT
// Rows as a LaTeX table: a value with its interval in one column.
#pragma once

#include <string>

#include "store/query.h"

namespace descent::store {

// A tabular that needs no package. A column with an interval (mean with lo and hi, bias2 with
// bias2_lo and bias2_hi) or a standard error (test_loss_mean with test_loss_se: the 95 % interval
// by Student's t, of as many runs as the column runs or done says) is written `value \pm half
// width`, the half width with two significant digits; the columns it is made of are left out. NULL
// is --.
std::string latex(const Table& table);

// Escapes what LaTeX would read as a command.
std::string latex_text(const std::string& text);

}  // namespace descent::store
