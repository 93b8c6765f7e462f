// SPDX-License-Identifier: MIT
// The permissions of a reading connection: SELECT, and the PRAGMAs that describe. For reader.cc.
#pragma once

#include <sqlite3.h>

#include <string>

namespace descent::store {

// Refuses everything else. The last refusal is written to `refused`, which must outlive the
// connection.
void allow_reading_only(sqlite3* database, std::string& refused);

}  // namespace descent::store
