// SPDX-License-Identifier: MIT
// A part: a store of some of another store's points, as one file that appears whole or not at all,
// to be merged into that store (merge.h). It may lie on a file system that several machines share.
//
// It is an SQLite file without a write-ahead log, and after its last page, where SQLite does not
// look, the hash of all bytes before. It has one table more, `accumulators`: the pieces of the
// chunks of unfinished points, which a store has in its scratch file.
#pragma once

#include <string>

namespace descent::store {

inline constexpr auto accumulator_table = "accumulators";

// Writes what the store has committed to `part`, replacing what is there. Made in `scratch`, a file
// of this machine, then copied next to `part` under a name of this process, synced and renamed.
// Throws StoreError when the disk is full, for example; then `part` is as it was.
void save_part(const std::string& store, const std::string& scratch, const std::string& part);

// Whether it is there and its bytes are those that were saved.
bool is_whole_part(const std::string& part);

}  // namespace descent::store
