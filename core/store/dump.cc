// SPDX-License-Identifier: MIT
#include "store/dump.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "base/quotes.h"
#include "store/database.h"

namespace descent::store {
namespace {

std::string dump_table(SQLite::Database& database, const std::string& table) {
  const auto info = fmt::format("FROM pragma_table_info({})", sql_text(table));
  const auto columns =
      texts(database, "SELECT name " + info +
                          " WHERE name NOT LIKE '%\\_seconds' ESCAPE '\\' AND name NOT LIKE "
                          "'%\\_at' ESCAPE '\\' ORDER BY cid");
  const auto key = texts(database, "SELECT name " + info + " WHERE pk > 0 ORDER BY pk");
  std::string all = fmt::format("{}({})\n", table, fmt::join(columns, ", "));
  const auto rows = texts(
      database, fmt::format("SELECT quote({}) FROM {} ORDER BY {}",
                            fmt::join(columns, ") || '|' || quote("), table, fmt::join(key, ", ")));
  for (const auto& row : rows) all += "  " + row + '\n';
  return all;
}

}  // namespace

std::string dump(const std::string& path) {
  return guarded(path, [&] {
    auto database = open_for_reading(path, 10);
    std::string all;
    for (const auto& table :
         texts(database,
               "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
               "ESCAPE '\\' AND name NOT IN ('provenance', 'point_invocations') ORDER BY name"))
      all += dump_table(database, table);
    for (const auto& view :
         texts(database, "SELECT sql FROM sqlite_schema WHERE type = 'view' ORDER BY name"))
      all += view + '\n';
    return all;
  });
}

}  // namespace descent::store
