// SPDX-License-Identifier: MIT
// A table of a page: the rows of one query, which is shown beneath it.
#pragma once

#include <string>
#include <vector>

#include "report/picture.h"

namespace descent::report {

struct Table {
  std::string title;
  std::string sql;  // as `descent sql` takes it
  std::vector<std::string> columns;
  std::vector<Row> rows;
  std::string note;
};

Table with_rows(store::Reader& reader, Table table);

// Without columns that say nothing: all NULL.
void drop_empty_columns(Table& table);

// Numbers have four digits, and seven in data-v, by which the page sorts.
std::string html_table(const Table& table);

// A region that scrolls sideways, for anything wide.
std::string scrolling(const std::string& label, const std::string& html);

std::string sql_details(const std::string& sql);

}  // namespace descent::report
