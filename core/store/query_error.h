// SPDX-License-Identifier: MIT
// SQLite's message about a query, with the position and the name that was probably meant.
#pragma once

#include <SQLiteCpp/Database.h>

#include <string>

#include "base/error.h"

namespace descent::store {

// offset: byte of sql where the error is, or -1 when SQLite does not know.
Error query_error(SQLite::Database& database, const std::string& sql, const std::string& message,
                  int offset);

}  // namespace descent::store
