// SPDX-License-Identifier: MIT
#include "store/fit_tables.h"

#include "store/bind.h"

namespace descent::store {

namespace {

void write_samples(SQLite::Database& database, const char* sql, std::int64_t point_id,
                   const std::vector<FitRecord::Sample>& samples) {
  SQLite::Statement insert(database, sql);
  std::uint64_t place = 0, replicate = 0;
  for (const auto& one : samples) {
    if (one.replicate != replicate) place = 0;
    replicate = one.replicate;
    Binder{insert}(point_id)(one.replicate)(place++)(one.x)(one.y).exec();
  }
}

}  // namespace

void write_fit(SQLite::Database& database, std::int64_t point_id, const FitRecord& fit) {
  for (const auto* sql :
       {"DELETE FROM fits WHERE point_id = ?", "DELETE FROM replicate_fits WHERE point_id = ?",
        "DELETE FROM samples WHERE point_id = ?"}) {
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
  write_samples(database, "INSERT INTO replicate_fits VALUES (?, ?, ?, ?, ?)", point_id,
                fit.replicates);
  write_samples(database, "INSERT INTO samples VALUES (?, ?, ?, ?, ?)", point_id, fit.samples);
}

}  // namespace descent::store
