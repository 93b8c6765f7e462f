// SPDX-License-Identifier: MIT
#include "store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>

#include "store/migration.h"
#include "store/schema.h"

namespace descent {
namespace {

namespace fs = std::filesystem;

StoreError told(const std::string& path, const std::string& text) {
  return StoreError({path, 0, 0}, text);
}

// Absolute, so that SQLite sees neither a URI nor ":memory:" in what is a file's name.
std::string checked(const std::string& path) {
  if (path.empty()) throw StoreError("the store needs a file name; give one with --db FILE");
  if (fs::is_directory(path))
    throw told(path, "is a directory, not a store; name a file in it, as " + path + "/results.db");
  const auto full = fs::absolute(path);
  if (!fs::exists(full.parent_path()))
    throw told(path, fmt::format("cannot be created: the folder '{}' does not exist",
                                 full.parent_path().string()));
  return full.string();
}

void check_exists(const std::string& path) {
  if (!fs::exists(path))
    throw told(path, "does not exist; `descent run FILE --db " + path + "` makes a store");
}

// An empty file is a new store; any other file has to carry our application_id.
bool is_new(SQLite::Database& database) {
  return integer(database, "SELECT count(*) FROM sqlite_schema") == 0 &&
         integer(database, "PRAGMA application_id") == 0;
}

void check_is_store(const std::string& path, SQLite::Database& database) {
  if (integer(database, "PRAGMA application_id") != application_id)
    throw told(path, "is an SQLite database, but not a store of descent; give another file");
  const auto version = integer(database, "PRAGMA user_version");
  if (version > schema_version)
    throw told(path, fmt::format("has schema version {}, made by a newer descent; this one reads "
                                 "up to {}: use the newer descent, or another file",
                                 version, schema_version));
}

void check_writable(const std::string& path, SQLite::Database& database) {
  if (sqlite3_db_readonly(database.getHandle(), "main") == 1)
    throw told(path,
               "cannot be written: the file is read-only; change its permissions, or copy it");
}

void create(SQLite::Database& database) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  if (!is_new(database)) return;  // another process was first
  database.exec(schema_sql);
  database.exec(views_sql);
  database.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id,
                            schema_version));
  transaction.commit();
}

// A WAL store on read-only media cannot make its -shm file; nobody writes it, so it is immutable.
SQLite::Database open_reader(const std::string& full, int busy) {
  SQLite::Database database(full, SQLite::OPEN_READONLY, busy);
  try {
    integer(database, "PRAGMA schema_version");
    return database;
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() != SQLITE_CANTOPEN && error.getErrorCode() != SQLITE_READONLY) throw;
    return {uri(full, "immutable=1"), SQLite::OPEN_READONLY | SQLite::OPEN_URI, busy};
  }
}

}  // namespace

StoreError store_error(const std::string& path, const SQLite::Exception& error) {
  switch (error.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return told(path, "is locked by another process; wait until it ends, or give another --db");
    case SQLITE_NOTADB:
      return told(path, "is not a store: the file is not an SQLite database; give another file");
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return told(path,
                  "cannot be written: the file or its folder is read-only; change its "
                  "permissions, or copy it");
    case SQLITE_CANTOPEN:
      return told(path, "cannot be opened; check the permissions of the file and its folder");
    case SQLITE_FULL:
      return told(path, "the disk is full; make room and run again: what is stored is kept");
    case SQLITE_CORRUPT:
      return told(path, "is damaged; rescue it with `sqlite3 FILE .recover`, or start another");
    default:
      return told(path, fmt::format("SQLite says: {}", error.what()));
  }
}

SQLite::Database open_for_writing(const std::string& path, double busy_seconds) {
  const auto full = checked(path);
  return guarded(path, [&] {
    SQLite::Database database(
        full,
        SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX | SQLite::OPEN_URI,
        static_cast<int>(busy_seconds * 1000));
    if (is_new(database)) {
      database.exec("PRAGMA journal_mode = WAL");
      create(database);
    }
    check_is_store(path, database);
    check_writable(path, database);
    database.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
        "PRAGMA secure_delete = OFF; PRAGMA cache_size = -16384");
    migrate(database);
    return database;
  });
}

SQLite::Database open_for_reading(const std::string& path, double busy_seconds) {
  const auto full = checked(path);
  check_exists(path);
  return guarded(path, [&] {
    auto database = open_reader(full, static_cast<int>(busy_seconds * 1000));
    check_is_store(path, database);
    return database;
  });
}

std::int64_t integer(SQLite::Database& database, const std::string& query) {
  return database.execAndGet(query).getInt64();
}

std::vector<std::string> texts(SQLite::Database& database, const std::string& query) {
  std::vector<std::string> all;
  SQLite::Statement statement(database, query);
  while (statement.executeStep()) all.push_back(statement.getColumn(0).getString());
  return all;
}

std::string uri(const std::string& path, const std::string& options) {
  std::string escaped;
  for (const char c : path)
    escaped += c == '%' || c == '?' || c == '#' ? fmt::format("%{:02x}", c) : std::string(1, c);
  return "file:" + escaped + "?" + options;
}

std::string quoted_name(const std::string& identifier) {
  std::string quoted = "\"";
  for (const char c : identifier) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

std::string quoted_text(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + '\'';
}

}  // namespace descent
