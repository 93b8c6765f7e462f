// SPDX-License-Identifier: MIT
// Rows as a LaTeX table for a paper: a value with its interval in one column.
#pragma once

#include <string>

#include "store/query.h"

namespace descent::store {

struct LatexOptions {
  std::string caption;               // with one, the tabular is in a table
  std::string label;                 // by which the text refers to the table
  std::vector<std::string> columns;  // in this order; empty: all that no other column repeats
};

// A tabular with the rules of the package booktabs. A column with an interval (mean with lo and hi,
// bias2 with bias2_lo and bias2_hi) or a standard error (test_loss_mean with test_loss_se: the 95 %
// interval by Student's t, of as many runs as the column runs or done says) is written `value \pm
// half width`, the half width with two significant digits; the columns it is made of are left out.
// Of a mean and the mean over the runs that are done (mean, mean_done), one is left out: the latter
// where all are equal, else the former. NULL is --. Throws Error for a column that the table lacks.
std::string latex(const Table& table, const LatexOptions& options = {});

// Escapes what LaTeX would read as a command.
std::string latex_text(const std::string& text);

}  // namespace descent::store
