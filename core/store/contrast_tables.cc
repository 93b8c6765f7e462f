// SPDX-License-Identifier: MIT
#include "store/contrast_tables.h"

#include "store/bind.h"

namespace descent::store {
namespace {

std::int64_t family_id(SQLite::Database& database, const ContrastFamily& family) {
  SQLite::Statement insert(database,
                           "INSERT OR IGNORE INTO contrast_families (experiment_id, baseline, "
                           "metrics, ci_level, survivors, population) VALUES " +
                               placeholders(6));
  SQLite::Statement find(database,
                         "SELECT family_id FROM contrast_families WHERE experiment_id = ? AND "
                         "baseline = ? AND metrics = ? AND ci_level = ? AND survivors = ? AND "
                         "population = ?");
  for (auto* statement : {&insert, &find})
    Binder{*statement}(family.experiment_id)(family.baseline)(family.metrics)(family.ci_level)(
        family.survivors)(family.population);
  execute(insert);
  return first(find);
}

void bind_contrast(SQLite::Statement& insert, std::int64_t family, const ContrastRow& row) {
  Binder bind(insert);
  bind(family)(row.a)(row.b)(row.metric)(row.quantity);
  bind(row.diff)(row.se_paired)(row.corr)(row.df)(row.lo)(row.hi)(row.p)(row.p_holm)(row.q_bh);
  bind(row.p_sign_flip)(row.k_family)(row.replicates)(row.dropped)(row.not_done_a)(row.not_done_b);
  bind(row.max_replicate_share)(row.se_points)(row.more_replicates)(row.fresh_replicates);
  bind(row.verdict).exec();
}

}  // namespace

void write_contrasts(SQLite::Database& database, const ContrastFamily& family) {
  const auto id = family_id(database, family);
  // Confirmations stay: a second one has other replicates, and that there was a first one matters.
  SQLite::Statement remove(
      database, "DELETE FROM contrast_rows WHERE family_id = ? AND fresh_replicates = 0");
  Binder{remove}(id).exec();
  SQLite::Statement insert(database,
                           "INSERT OR REPLACE INTO contrast_rows VALUES " + placeholders(25));
  for (const auto& row : family.rows) bind_contrast(insert, id, row);
}

}  // namespace descent::store
