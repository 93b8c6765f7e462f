// SPDX-License-Identifier: MIT
#include "report/query_picture.h"

#include <fmt/format.h>

#include <regex>

#include "base/error.h"

namespace descent::report {
namespace {

constexpr std::size_t most_rows = 100'000;

std::string fitting_mark(const QueryPicture& query, const std::vector<std::string>& columns,
                         Renderer& renderer) {
  auto mark = query.mark.empty() ? renderer.mark_for(columns) : query.mark;
  if (const auto problem = renderer.problem(mark, columns); !problem.empty()) throw Error(problem);
  return mark;
}

// What the query calls this column where it renames one: lambda in `v.lambda AS x`; else its name,
// as for `-lambda AS x`.
std::string label_of(const std::string& sql, const std::string& column) {
  const std::regex renamed(
      "(?:\\b(?:SELECT|DISTINCT|ALL)\\s+|,\\s*)(?:[A-Za-z_][A-Za-z_0-9]*\\s*\\.\\s*)?"
      "(?:\"([^\"]+)\"|([A-Za-z_][A-Za-z_0-9]*))\\s+AS\\s+\"?" +
          column + "\"?(?![A-Za-z_0-9])",
      std::regex::icase);
  std::smatch found;
  if (!std::regex_search(sql, found, renamed)) return column;
  return found[1].matched ? found[1] : found[2];
}

void label(Picture& picture, const std::vector<std::string>& values) {
  const auto& mark = picture.mark;
  const std::string value = values.size() == 1 ? label_of(picture.sql, values[0]) : "";
  if (mark == "stack") return;
  if (mark == "rows") {
    picture.x.label = value;
    return;
  }
  picture.x.label = label_of(picture.sql, "x");
  if (mark == "heat") {
    picture.y.label = label_of(picture.sql, "y");
    picture.z = label_of(picture.sql, "z");
  } else {
    picture.y.label = values.size() == 1 ? value : "value";
  }
}

}  // namespace

Picture picture_of(store::Reader& reader, const QueryPicture& query, Renderer& renderer) {
  Picture picture;
  picture.title = query.title;
  picture.sql = query.sql;
  picture.note = query.note;
  auto rows = reader.query(query.sql);
  picture.columns = rows.columns();
  picture.mark = fitting_mark(query, picture.columns, renderer);
  label(picture, renderer.values(picture.mark, picture.columns));
  for (Row row; rows.next(row);) {
    if (picture.rows.size() == most_rows)
      throw Error(
          fmt::format("the query has more than {} rows, more than a picture can show; "
                      "aggregate with GROUP BY, or add LIMIT",
                      most_rows));
    picture.rows.push_back(row);
  }
  return picture;
}

void check(store::Reader& reader, const QueryPicture& query, Renderer& renderer) {
  fitting_mark(query, reader.query(query.sql).columns(), renderer);
}

}  // namespace descent::report
