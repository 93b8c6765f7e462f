// SPDX-License-Identifier: MIT
// The tables rungs and rung_chunks: scores of points where some of them were pruned.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <vector>

#include "store/records.h"

namespace descent::store {

class RungTable {
 public:
  explicit RungTable(SQLite::Database& database);

  // Replaces an earlier one, and its chunks.
  void write(const RungRecord& rung);
  void write(const RungRecord& rung, const RungChunk& chunk);
  std::optional<double> value(const RungRecord& rung);
  std::vector<RungChunk> chunks(const RungRecord& rung);          // by first replicate
  void forget(std::int64_t point_id, std::uint64_t after_epoch);  // rungs at later epochs
  std::uint64_t pruned_after(std::int64_t point_id);
  void forget_pruned(std::int64_t point_id);  // runs of that status
  void set_prune_reason(std::int64_t point_id, const std::string& reason);

 private:
  SQLite::Database& database_;
  SQLite::Statement write_, write_chunk_, value_, chunks_, forget_, forget_chunks_, pruned_after_,
      tell_;
};

}  // namespace descent::store
