// SPDX-License-Identifier: MIT
#include "store/selection_tables.h"

#include "store/bind.h"

namespace descent::store {

void write_selection(SQLite::Database& database, const SelectionRecord& selection) {
  SQLite::Statement find(database, "SELECT experiment_id FROM experiments WHERE name = ?");
  Binder{find}(selection.experiment);
  const auto experiment = first(find);
  SQLite::Statement remove(database, "DELETE FROM selections WHERE experiment_id = ?");
  Binder{remove}(experiment).exec();
  SQLite::Statement insert(database, "INSERT INTO selections VALUES " + placeholders(14));
  for (const auto& row : selection.rows) {
    Binder bind(insert);
    bind(experiment)(row.point_id)(row.per)(selection.metric)(selection.rule)(selection.failures);
    bind(row.value)(row.rank)(row.chosen)(row.tied)(row.runs)(row.failed)(row.reason);
    if (row.rerun_point_id == 0)
      bind.null();
    else
      bind(row.rerun_point_id);
    bind.exec();
  }
}

}  // namespace descent::store
