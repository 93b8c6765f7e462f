// SPDX-License-Identifier: MIT
#include "store/chunk_table.h"

#include "store/bind.h"

namespace descent::store {

// room_: the first gap between rows that is large enough, else the end of the last one. There are
// rows only for the points under way.
ChunkTable::ChunkTable(SQLite::Database& database)
    : file_(database.getFilename()),
      of_point_(database,
                "SELECT first, count, bytes_at, size, hash FROM chunks WHERE point_id = ? "
                "ORDER BY first"),
      one_(database,
           "SELECT first, count, bytes_at, size, hash FROM chunks WHERE point_id = ? AND first = "
           "?"),
      insert_(database, "INSERT INTO chunks VALUES " + placeholders(6)),
      room_(database,
            "SELECT coalesce(min(till), 0) FROM (SELECT till, lead(bytes_at) OVER (ORDER BY "
            "bytes_at, till) - till AS gap FROM (SELECT bytes_at, bytes_at + size AS till FROM "
            "chunks UNION ALL SELECT 0, 0)) WHERE gap IS NULL OR gap >= ?"),
      count_(database, "SELECT count(*) FROM (SELECT 1 FROM chunks LIMIT 1)"),
      drop_(database, "DELETE FROM chunks WHERE point_id = ? AND first = ?"),
      drop_all_(database, "DELETE FROM chunks WHERE point_id = ?") {}

ChunkTable::Row ChunkTable::row_of(SQLite::Statement& query) {
  const auto number = [&](int column) { return query.getColumn(column).getInt64(); };
  return {{static_cast<std::uint64_t>(number(0)), static_cast<std::uint64_t>(number(1))},
          {number(2), number(3), number(4)}};
}

std::vector<ChunkRange> ChunkTable::stored(std::int64_t point_id) {
  Binder{of_point_}(point_id);
  std::vector<ChunkRange> there;
  for (const auto& one : rows(of_point_, row_of))
    if (file_.holds(one.extent)) there.push_back(one.chunk);
  return there;
}

std::optional<ChunkTable::Row> ChunkTable::row(std::int64_t point_id, std::uint64_t first) {
  Binder{one_}(point_id)(first);
  const auto found = rows(one_, row_of);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::optional<std::string> ChunkTable::piece(std::int64_t point_id, const ChunkRange& chunk,
                                             std::size_t number) {
  const auto found = row(point_id, chunk.first);
  if (!found || found->chunk.count != chunk.count) return {};
  return file_.piece(found->extent, number);
}

bool ChunkTable::write(std::int64_t point_id, const ChunkRange& chunk,
                       const std::vector<std::string>& pieces) {
  if (const auto found = row(point_id, chunk.first)) {
    if (file_.holds(found->extent)) return found->chunk.count == chunk.count;
    drop(point_id, chunk.first);
  }
  const ScratchFile::Content content(pieces);
  Binder{room_}(content.size);
  const auto extent = file_.write(content, first(room_));
  Binder{insert_}(point_id)(chunk.first)(chunk.count)(extent.position)(extent.size)(extent.hash)
      .exec();
  return true;
}

void ChunkTable::drop(std::int64_t point_id, std::uint64_t first) {
  Binder{drop_}(point_id)(first).exec();
}

void ChunkTable::drop_all(std::int64_t point_id) { Binder{drop_all_}(point_id).exec(); }

void ChunkTable::remove_file_if_empty() {
  if (first(count_) == 0) file_.remove();
}

}  // namespace descent::store
