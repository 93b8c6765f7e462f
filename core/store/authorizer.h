// SPDX-License-Identifier: MIT
// What a reading connection may do: SELECT, and the PRAGMAs that describe. For reader.cc.
#pragma once

#include <sqlite3.h>

#include <string>

namespace descent {

// Refuses everything else; what was refused last is told in `refused`, which outlives the
// connection.
void allow_reading_only(sqlite3* database, std::string& refused);

}  // namespace descent
