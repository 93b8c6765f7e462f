// SPDX-License-Identifier: MIT
#include "store/rung_table.h"

#include <fmt/format.h>

#include "store/bind.h"
#include "store/schema.h"

namespace descent::store {

RungTable::RungTable(SQLite::Database& database)
    : database_(database),
      write_(database, "INSERT OR REPLACE INTO rungs VALUES " + placeholders(8)),
      write_chunk_(database, "INSERT OR REPLACE INTO rung_chunks VALUES " + placeholders(6)),
      value_(database,
             "SELECT value FROM rungs "
             "WHERE point_id = ? AND epoch = ? AND metric = ? AND replicates = ?"),
      chunks_(database,
              "SELECT first, count, score FROM rung_chunks "
              "WHERE point_id = ? AND epoch = ? AND metric = ? ORDER BY first, count"),
      forget_(database, "DELETE FROM rungs WHERE point_id = ? AND epoch > ?"),
      // Scores at later rungs stay while the point competes: they may have come from shares.
      forget_chunks_(
          database,
          "DELETE FROM rung_chunks WHERE point_id = ?1 AND (epoch = ?2 OR epoch > ?2 AND "
          "NOT ?3)"),
      pruned_after_(database,
                    "SELECT max(epochs) FROM runs WHERE point_id = ? AND status = 'pruned'"),
      tell_(database, "UPDATE runs SET reason = ?2 WHERE point_id = ?1 AND status = 'pruned'") {}

void RungTable::write(const RungRecord& rung) {
  Binder{write_}(rung.point_id)(rung.epoch)(rung.metric)(rung.replicates)(rung.value)(rung.rank)(
      rung.points)(rung.kept)
      .exec();
  Binder{forget_chunks_}(rung.point_id)(rung.epoch)(rung.kept).exec();
}

void RungTable::write(const RungRecord& rung, const RungChunk& chunk) {
  Binder{write_chunk_}(rung.point_id)(rung.epoch)(rung.metric)(chunk.first)(chunk.count)(
      chunk.score)
      .exec();
}

std::vector<RungChunk> RungTable::chunks(const RungRecord& rung) {
  Binder{chunks_}(rung.point_id)(rung.epoch)(rung.metric);
  return rows(chunks_, [](auto& row) {
    return RungChunk{std::uint64_t(row.getColumn(0).getInt64()),
                     std::uint64_t(row.getColumn(1).getInt64()), row.getColumn(2).getDouble()};
  });
}

std::optional<double> RungTable::value(const RungRecord& rung) {
  const Resetting resetting{value_};
  Binder{value_}(rung.point_id)(rung.epoch)(rung.metric)(rung.replicates);
  if (!value_.executeStep()) return {};
  return value_.getColumn(0).getDouble();
}

void RungTable::forget(std::int64_t point_id, std::uint64_t after_epoch) {
  Binder{forget_}(point_id)(after_epoch).exec();
  Binder{forget_chunks_}(point_id)(after_epoch + 1).exec();
}

std::uint64_t RungTable::pruned_after(std::int64_t point_id) {
  Binder{pruned_after_}(point_id);
  return static_cast<std::uint64_t>(first(pruned_after_));
}

void RungTable::forget_pruned(std::int64_t point_id) {
  const std::string runs = "(SELECT run_id FROM runs WHERE point_id = ? AND status = 'pruned')";
  for (const std::string table : tables_of_runs) {
    SQLite::Statement remove(database_,
                             fmt::format("DELETE FROM {} WHERE run_id IN {}", table, runs));
    Binder{remove}(point_id).exec();
  }
  SQLite::Statement reopen(database_, "UPDATE points SET finished = 0 WHERE point_id = ?");
  Binder{reopen}(point_id).exec();
}

void RungTable::set_prune_reason(std::int64_t point_id, const std::string& reason) {
  Binder{tell_}(point_id)(reason).exec();
}

}  // namespace descent::store
