// SPDX-License-Identifier: MIT
#include "store/migration.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "base/quotes.h"
#include "store/database.h"
#include "store/experiment_view.h"

namespace descent::store {
namespace {

void drop_views(SQLite::Database& database) {
  for (const auto& name : texts(database, "SELECT name FROM sqlite_schema WHERE type = 'view'"))
    database.exec("DROP VIEW " + sql_name(name));
}

// An experiment may have been named as a table or view is now.
void make_room_for_views(SQLite::Database& database) {
  SQLite::Statement rename(database, "UPDATE experiments SET view_name = ? WHERE name = ?");
  for (const auto& name : texts(database,
                                "SELECT name FROM experiments WHERE view_name IN "
                                "(SELECT lower(name) FROM sqlite_schema) ORDER BY experiment_id")) {
    rename.bind(1, view_name(database, name));
    rename.bind(2, name);
    rename.exec();
    rename.reset();
  }
}

}  // namespace

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all;
  return all;
}

void migrate(SQLite::Database& database, const std::vector<Migration>& steps, int version) {
  if (integer(database, "PRAGMA user_version") >= version) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  drop_views(database);
  for (const auto& step : steps)
    if (step.from >= integer(database, "PRAGMA user_version")) {
      database.exec(step.sql);
      database.exec(fmt::format("PRAGMA user_version = {}", step.from + 1));
    }
  database.exec(views_sql());
  make_room_for_views(database);
  make_experiment_views(database);
  transaction.commit();
}

}  // namespace descent::store
