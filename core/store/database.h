// SPDX-License-Identifier: MIT
// Opening a store's file, and SQLite's errors as StoreErrors. For the .cc files of this floor.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/records.h"

namespace descent::store {

// The error with the file's path and what to do about it.
[[nodiscard]] StoreError store_error(const std::string& path, const SQLite::Exception& error);

// " (process 123, sqlite3)": the holder of a write lock on the store; empty: not known.
std::string lock_holder(const std::string& path);

// Calls f(), and turns SQLite's exceptions into a StoreError about path.
template <class F>
auto guarded(const std::string& path, F&& f) {
  try {
    return f();
  } catch (const SQLite::Exception& error) {
    throw store_error(path, error);
  } catch (const nlohmann::json::exception& error) {
    throw StoreError({path, 0, 0}, std::string("is damaged: ") + error.what());
  }
}

// Throws StoreError about path if SQLite finds damage in the pages of this schema.
void check_pages(SQLite::Database& database, const std::string& path, const std::string& schema);

// Creates the file or opens it for writing: WAL except on network disks, synchronous NORMAL or
// FULL, foreign keys checked.
// An older schema is migrated. Throws StoreError when the file is not a store, newer, locked,
// read-only, visibly damaged, or a symbolic link that leads out of its folder.
SQLite::Database open_for_writing(const std::string& path, const StoreOptions& options);

// Opens an existing store read-only; a store on read-only media, too. Throws StoreError as above.
SQLite::Database open_for_reading(const std::string& path, double busy_seconds);

std::int64_t integer(SQLite::Database& database, const std::string& query);
std::vector<std::string> texts(SQLite::Database& database, const std::string& query);  // column 1

// "file:" URI of a path, with special characters escaped.
std::string uri(const std::string& path, const std::string& options);

}  // namespace descent::store
