// SPDX-License-Identifier: MIT
// Migrates a store of an older schema version to this one, completely or not at all.
#pragma once

#include <SQLiteCpp/Database.h>

#include <string>
#include <vector>

#include "store/schema.h"

namespace descent::store {

// SQL that takes tables from version `from` to from + 1. Not for views: they are dropped before and
// created again after.
struct Migration {
  int from;
  std::string sql;
};

// Every step since version 1, oldest first; none so far.
const std::vector<Migration>& migrations();

// Applies the steps from the store's version up to `version` in one transaction.
void migrate(SQLite::Database& database, const std::vector<Migration>& steps = migrations(),
             int version = schema_version);

}  // namespace descent::store
