// SPDX-License-Identifier: MIT
// A store of an older schema version is brought to this one, whole or not at all.
#pragma once

#include <SQLiteCpp/Database.h>

#include <string>
#include <vector>

#include "store/schema.h"

namespace descent {

// SQL that takes tables from version `from` to from + 1. Views are not its business: they are
// dropped before and made anew after.
struct Migration {
  int from;
  std::string sql;
};

// Every step since version 1, oldest first; none so far.
const std::vector<Migration>& migrations();

// Applies the steps from the store's version up to `version` in one transaction.
void migrate(SQLite::Database& database, const std::vector<Migration>& steps = migrations(),
             int version = schema_version);

}  // namespace descent
