// SPDX-License-Identifier: MIT
#include "store/fit_tables.h"

#include "store/bind.h"

namespace descent::store {

void write_fit(SQLite::Database& database, std::int64_t point_id, const FitRecord& fit) {
  for (const auto* sql :
       {"DELETE FROM fits WHERE point_id = ?", "DELETE FROM samples WHERE point_id = ?"}) {
    SQLite::Statement drop(database, sql);
    Binder{drop}(point_id).exec();
  }
  SQLite::Statement row(database, "INSERT INTO fits VALUES (?, ?, ?, ?, ?, ?, ?)");
  std::uint64_t number = 0, epoch = 0;
  for (const auto& at : fit.rows) {
    if (at.epoch != epoch) number = 0;
    epoch = at.epoch;
    Binder{row}(point_id)(at.epoch)(number++)(at.x)(at.truth)(at.mean)(at.sd).exec();
  }
  SQLite::Statement sample(database, "INSERT INTO samples VALUES (?, ?, ?, ?, ?)");
  std::uint64_t place = 0, replicate = 0;
  for (const auto& one : fit.samples) {
    if (one.replicate != replicate) place = 0;
    replicate = one.replicate;
    Binder{sample}(point_id)(one.replicate)(place++)(one.x)(one.y).exec();
  }
}

}  // namespace descent::store
