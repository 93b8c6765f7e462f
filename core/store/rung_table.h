// SPDX-License-Identifier: MIT
// The table rungs: what points were worth where some of them were pruned.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>

#include "store/records.h"

namespace descent {

class RungTable {
 public:
  explicit RungTable(SQLite::Database& database);

  void write(const RungRecord& rung);  // in the place of an earlier one
  std::optional<double> value(const RungRecord& rung);
  void forget(std::int64_t point_id, std::uint64_t after_epoch);  // rungs at later epochs
  std::uint64_t pruned_after(std::int64_t point_id);
  void forget_pruned(std::int64_t point_id);  // runs of that status
  void tell_pruned(std::int64_t point_id, const std::string& reason);

 private:
  SQLite::Database& database_;
  SQLite::Statement write_, value_, forget_, pruned_after_, tell_;
};

}  // namespace descent
