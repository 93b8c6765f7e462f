// SPDX-License-Identifier: MIT
#include "store/authorizer.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace descent::store {
namespace {

bool describes(std::string_view pragma, const char* argument) {
  static constexpr std::array<std::string_view, 12> with_argument = {
      "table_info",     "table_xinfo", "table_list",       "index_list",
      "index_info",     "index_xinfo", "foreign_key_list", "database_list",
      "collation_list", "quick_check", "integrity_check",  "foreign_key_check"};
  static constexpr std::array<std::string_view, 5> without = {
      "user_version", "application_id", "page_size", "page_count", "data_version"};
  const auto has = [&](const auto& names) {
    return std::find(names.begin(), names.end(), pragma) != names.end();
  };
  return has(with_argument) || (argument == nullptr && has(without));
}

// Functions of other builds of SQLite, or of its shell, that load code, run it, or open files.
bool reaches_out(std::string_view function) {
  static constexpr std::array<std::string_view, 5> names = {"load_extension", "fts3_tokenizer",
                                                            "readfile", "writefile", "edit"};
  return std::find(names.begin(), names.end(), function) != names.end();
}

std::string_view word_for(int action) {
  switch (action) {
    case SQLITE_INSERT:
      return "INSERT";
    case SQLITE_DELETE:
      return "DELETE";
    case SQLITE_ATTACH:
      return "ATTACH";
    case SQLITE_DETACH:
      return "DETACH";
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return "a transaction";
    case SQLITE_ANALYZE:
      return "ANALYZE";
    case SQLITE_REINDEX:
      return "REINDEX";
    case SQLITE_ALTER_TABLE:
      return "ALTER TABLE";
    default:
      return "a change of the schema";
  }
}

int authorize(void* context, int action, const char* first, const char* second, const char*,
              const char*) {
  auto& refused = *static_cast<std::string*>(context);
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_UPDATE:
      // A table-valued function such as pragma_table_info() declares itself this way. A statement
      // that really changes the schema is not read-only, which reader.cc refuses.
      if (std::string_view(first) == "sqlite_master") return SQLITE_OK;
      refused = "UPDATE";
      return SQLITE_DENY;
    case SQLITE_FUNCTION:
      if (!reaches_out(second)) return SQLITE_OK;
      refused = std::string(second) + "()";
      return SQLITE_DENY;
    case SQLITE_PRAGMA:
      if (describes(first, second)) return SQLITE_OK;
      refused = std::string("PRAGMA ") + first;
      return SQLITE_DENY;
    default:
      // A CREATE or DROP is first reported as a change of sqlite_schema; its own code says more.
      refused = word_for(action);
      if (first && std::string_view(first).starts_with("sqlite_"))
        refused = "a change of the schema";
      return SQLITE_DENY;
  }
}

}  // namespace

void allow_reading_only(sqlite3* database, std::string& refused) {
  sqlite3_set_authorizer(database, authorize, &refused);
}

}  // namespace descent::store
