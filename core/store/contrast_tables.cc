// SPDX-License-Identifier: MIT
#include "store/contrast_tables.h"

#include "store/bind.h"

namespace descent::store {
namespace {

std::int64_t family_id(SQLite::Database& database, const ContrastFamily& family) {
  SQLite::Statement insert(database,
                           "INSERT OR IGNORE INTO contrast_families (experiment_id, baseline, "
                           "metrics, ci_level) VALUES " +
                               placeholders(4));
  SQLite::Statement find(database,
                         "SELECT family_id FROM contrast_families WHERE experiment_id = ? AND "
                         "baseline = ? AND metrics = ? AND ci_level = ?");
  for (auto* statement : {&insert, &find})
    Binder{*statement}(family.experiment_id)(family.baseline)(family.metrics)(family.ci_level);
  execute(insert);
  return first(find);
}

void bind_contrast(SQLite::Statement& insert, std::int64_t family, const ContrastRow& row) {
  Binder bind(insert);
  bind(family)(row.a)(row.b)(row.metric)(row.quantity);
  bind(row.diff)(row.se_paired)(row.corr)(row.df)(row.lo)(row.hi)(row.p)(row.p_holm)(row.q_bh);
  bind(row.k_family)(row.replicates)(row.dropped)(row.more_replicates)(row.fresh_replicates);
  bind(row.verdict).exec();
}

}  // namespace

void write_contrasts(SQLite::Database& database, const ContrastFamily& family) {
  const auto id = family_id(database, family);
  SQLite::Statement remove(database, "DELETE FROM contrast_rows WHERE family_id = ?");
  Binder{remove}(id).exec();
  SQLite::Statement insert(database, "INSERT INTO contrast_rows VALUES " + placeholders(20));
  for (const auto& row : family.rows) bind_contrast(insert, id, row);
}

}  // namespace descent::store
