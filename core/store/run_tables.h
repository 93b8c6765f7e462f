// SPDX-License-Identifier: MIT
// Writes results of training: runs, curves, weights, bias and variance. Statements
// are prepared once; the tables of many rows are filled in blocks of rows.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/records.h"

namespace descent::store {

class RunTables {
 public:
  explicit RunTables(SQLite::Database& database);

  void write(const ChunkRecord& chunk, std::int64_t invocation);  // 0: none
  void finish(std::int64_t point_id, std::uint64_t replicates,
              const std::vector<BiasVarianceRow>& rows);
  void forget(std::int64_t point_id);

 private:
  struct BlockInsert {
    BlockInsert(SQLite::Database& database, const std::string& table, int columns);
    SQLite::Statement block, single;
    int columns;
  };

  void write_run(std::int64_t point_id, const record::Run& run);
  void write_effects(std::int64_t point_id, const BiasVarianceRow& row);
  void write_jackknife(std::int64_t point_id, const BiasVarianceRow& row);
  void write_point_groups(std::int64_t point_id, const BiasVarianceRow& row);
  void write_curves(const ChunkRecord& chunk);
  void write_costs(const ChunkRecord& chunk);
  void write_weights(const ChunkRecord& chunk);
  void write_measures(const ChunkRecord& chunk);
  void write_predictions(const ChunkRecord& chunk);
  void write_models(const ChunkRecord& chunk);
  template <class Rows, class Bind>
  static void insert(BlockInsert& into, const Rows& rows, Bind bind);

  SQLite::Database& database_;
  SQLite::Statement run_, invocation_, bias_variance_, effect_;
  SQLite::Statement drop_bias_variance_, drop_effects_, drop_jackknife_, drop_point_groups_,
      set_finished_, model_, drop_models_;
  BlockInsert curves_, costs_, weights_, steps_, run_metrics_, confusion_, predictions_, notes_,
      checkpoints_, jackknife_, point_groups_;
};

}  // namespace descent::store
