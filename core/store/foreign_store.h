// SPDX-License-Identifier: MIT
// Checks the names in a store that somebody else may have made, before it is merged. For the .cc
// files of this floor.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

namespace descent::store {

// Throws StoreError about path if the store attached as `source` has a name that no run of descent
// writes.
void check_names(SQLite::Database& database, const std::string& path);

}  // namespace descent::store
