// SPDX-License-Identifier: MIT
// Pictures that an experiment file defines, in addition to those that every experiment has.
#pragma once

#include <string>

namespace descent::experiment {

struct ReportPicture {
  std::string title, sql;
  std::string mark;  // empty: the one that fits the columns of the query
  std::string note;  // the caption
};

}  // namespace descent::experiment
