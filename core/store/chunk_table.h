// SPDX-License-Identifier: MIT
// The table chunks: which chunks of unfinished points are stored, and where their accumulators are
// in the scratch file. For the .cc files of this floor.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>
#include <vector>

#include "store/records.h"
#include "store/scratch_file.h"

namespace descent::store {

class ChunkTable {
 public:
  explicit ChunkTable(SQLite::Database& database);

  // Those with accumulators that are there, by first replicate.
  std::vector<ChunkRange> stored(std::int64_t point_id);
  // Nothing: the chunk is not there, or its bytes are lost.
  std::optional<std::string> piece(std::int64_t point_id, const ChunkRange& chunk,
                                   std::size_t number);

  // REQUIRES of what follows: a transaction that has the write lock.
  // Whether this chunk is stored now; another that begins with the same replicate stays.
  bool write(std::int64_t point_id, const ChunkRange& chunk,
             const std::vector<std::string>& pieces);
  void drop(std::int64_t point_id, std::uint64_t first);
  void drop_all(std::int64_t point_id);
  void remove_file_if_empty();

 private:
  struct Row {
    ChunkRange chunk;
    ScratchFile::Extent extent;
  };
  std::optional<Row> row(std::int64_t point_id, std::uint64_t first);
  static Row row_of(SQLite::Statement& query);

  ScratchFile file_;
  SQLite::Statement of_point_, one_, insert_, room_, count_, drop_, drop_all_;
};

}  // namespace descent::store
