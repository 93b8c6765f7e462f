// SPDX-License-Identifier: MIT
#include "store/migration.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "store/database.h"
#include "store/experiment_view.h"

namespace descent {
namespace {

// Losses without bias2 and variance; replicates in blocks; comparisons.
const char* const to_version_2 = R"sql(
ALTER TABLE bias_variance ADD COLUMN tie_count INTEGER;
ALTER TABLE bias_variance ADD COLUMN layout TEXT NOT NULL DEFAULT 'single';
ALTER TABLE bias_variance ADD COLUMN seeds INTEGER;
CREATE TABLE effects (
  point_id   INTEGER NOT NULL REFERENCES points,
  epoch      INTEGER NOT NULL,
  metric     TEXT NOT NULL,
  definition TEXT NOT NULL,
  term       TEXT NOT NULL,
  value      REAL,
  se         REAL,
  lo         REAL,
  hi         REAL,
  PRIMARY KEY (point_id, epoch, metric, definition, term)
) STRICT, WITHOUT ROWID;
CREATE TABLE jackknife (
  point_id INTEGER NOT NULL REFERENCES points,
  metric   TEXT NOT NULL,
  part     INTEGER NOT NULL,
  left_out INTEGER NOT NULL,
  total    REAL,
  bias2    REAL,
  variance REAL,
  PRIMARY KEY (point_id, metric, part)
) STRICT, WITHOUT ROWID;
CREATE TABLE contrast_families (
  family_id     INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiments,
  baseline      TEXT NOT NULL,
  metrics       TEXT NOT NULL,
  ci_level      REAL NOT NULL,
  UNIQUE (experiment_id, baseline, metrics, ci_level)
) STRICT;
CREATE TABLE contrast_rows (
  family_id        INTEGER NOT NULL REFERENCES contrast_families,
  a                INTEGER NOT NULL REFERENCES points,
  b                INTEGER NOT NULL REFERENCES points,
  metric           TEXT NOT NULL,
  quantity         TEXT NOT NULL,
  diff             REAL,
  se_paired        REAL,
  corr             REAL,
  df               REAL,
  lo               REAL,
  hi               REAL,
  p                REAL,
  p_holm           REAL,
  q_bh             REAL,
  k_family         INTEGER NOT NULL,
  replicates       INTEGER NOT NULL,
  dropped          INTEGER NOT NULL,
  more_replicates  INTEGER,
  fresh_replicates INTEGER NOT NULL,
  verdict          TEXT NOT NULL,
  PRIMARY KEY (family_id, a, b, metric, quantity)
) STRICT, WITHOUT ROWID;
CREATE INDEX contrast_rows_by_a ON contrast_rows (a);
CREATE INDEX contrast_rows_by_b ON contrast_rows (b);
)sql";

// The way over a surface; test points that are a sample.
const char* const to_version_3 = R"sql(
INSERT INTO metrics VALUES (8, 'x'), (9, 'y');
ALTER TABLE bias_variance ADD COLUMN total_se_points REAL;
ALTER TABLE bias_variance ADD COLUMN bias2_se_points REAL;
ALTER TABLE bias_variance ADD COLUMN variance_se_points REAL;
ALTER TABLE bias_variance ADD COLUMN total_se_two_way REAL;
ALTER TABLE bias_variance ADD COLUMN bias2_se_two_way REAL;
ALTER TABLE bias_variance ADD COLUMN variance_se_two_way REAL;
)sql";

// A set to choose on, and what was chosen; points that are pruned; which invocation trained a
// point, and from what else it was made; views that take names an experiment may have had. A
// table's CHECK cannot be altered, so it is made anew.
const char* const to_version_4 = R"sql(
INSERT INTO metrics VALUES (10, 'validation_loss'), (11, 'validation_accuracy');
CREATE TABLE runs_with_pruned (
  run_id           INTEGER PRIMARY KEY,
  point_id         INTEGER NOT NULL REFERENCES points,
  replicate        INTEGER NOT NULL CHECK (replicate BETWEEN 0 AND 999999),
  status           TEXT NOT NULL CHECK (status = 'done' OR status = 'diverged' OR status = 'failed'
                                        OR status = 'timeout' OR status = 'crashed'
                                        OR status = 'pruned'),
  reason           TEXT,
  epochs           INTEGER NOT NULL,
  steps            INTEGER NOT NULL,
  train_seconds    REAL,
  train_loss       REAL,
  test_loss        REAL,
  penalty          REAL,
  train_accuracy   REAL,
  test_accuracy    REAL,
  last_finite_loss REAL,
  gradient_norm    REAL,
  weight_norm      REAL,
  zero_weights     INTEGER,
  validation_loss  REAL,
  validation_accuracy REAL,
  UNIQUE (point_id, replicate),
  CHECK (run_id = point_id * 1000000 + replicate)
) STRICT;
INSERT INTO runs_with_pruned SELECT *, NULL, NULL FROM runs;
DROP TABLE runs;
ALTER TABLE runs_with_pruned RENAME TO runs;
CREATE TABLE rungs (
  point_id   INTEGER NOT NULL REFERENCES points,
  epoch      INTEGER NOT NULL,
  metric     TEXT NOT NULL,
  replicates INTEGER NOT NULL,
  value      REAL,
  rank       INTEGER NOT NULL,
  points     INTEGER NOT NULL,
  kept       INTEGER NOT NULL CHECK (kept IN (0, 1)),
  PRIMARY KEY (point_id, epoch, metric)
) STRICT, WITHOUT ROWID;
CREATE TABLE rung_chunks (
  point_id INTEGER NOT NULL REFERENCES points,
  epoch    INTEGER NOT NULL,
  metric   TEXT NOT NULL,
  first    INTEGER NOT NULL,
  count    INTEGER NOT NULL CHECK (count > 0),
  worth    REAL NOT NULL,
  PRIMARY KEY (point_id, epoch, metric, first, count)
) STRICT, WITHOUT ROWID;
CREATE TABLE point_invocations (
  point_id   INTEGER NOT NULL REFERENCES points,
  invocation INTEGER NOT NULL,
  PRIMARY KEY (point_id, invocation)
) STRICT, WITHOUT ROWID;
CREATE TABLE inputs (
  input_id INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL,
  name     TEXT NOT NULL,
  hash     TEXT NOT NULL,
  UNIQUE (kind, name, hash)
) STRICT;
CREATE TABLE point_inputs (
  point_id INTEGER NOT NULL REFERENCES points,
  input_id INTEGER NOT NULL REFERENCES inputs,
  PRIMARY KEY (point_id, input_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE selections (
  experiment_id  INTEGER NOT NULL REFERENCES experiments,
  point_id       INTEGER NOT NULL REFERENCES points,
  per            TEXT NOT NULL,
  metric         TEXT NOT NULL,
  rule           TEXT NOT NULL,
  failures       TEXT NOT NULL,
  value          REAL,
  rank           INTEGER,
  chosen         INTEGER NOT NULL CHECK (chosen IN (0, 1)),
  tied           INTEGER NOT NULL CHECK (tied IN (0, 1)),
  runs           INTEGER NOT NULL,
  failed         INTEGER NOT NULL,
  reason         TEXT NOT NULL,
  rerun_point_id INTEGER REFERENCES points,
  PRIMARY KEY (experiment_id, point_id)
) STRICT, WITHOUT ROWID;
)sql";

void drop_views(SQLite::Database& database) {
  for (const auto& name : texts(database, "SELECT name FROM sqlite_schema WHERE type = 'view'"))
    database.exec("DROP VIEW " + quoted_name(name));
}

// An experiment may have been named as a table or view is now.
void make_room_for_views(SQLite::Database& database) {
  SQLite::Statement rename(database, "UPDATE experiments SET view_name = ? WHERE name = ?");
  for (const auto& name : texts(database,
                                "SELECT name FROM experiments WHERE view_name IN "
                                "(SELECT lower(name) FROM sqlite_schema) ORDER BY experiment_id")) {
    rename.bind(1, view_name(database, name));
    rename.bind(2, name);
    rename.exec();
    rename.reset();
  }
}

}  // namespace

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all{{1, to_version_2}, {2, to_version_3}, {3, to_version_4}};
  return all;
}

void migrate(SQLite::Database& database, const std::vector<Migration>& steps, int version) {
  if (integer(database, "PRAGMA user_version") >= version) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  drop_views(database);
  for (const auto& step : steps)
    if (step.from >= integer(database, "PRAGMA user_version")) {
      database.exec(step.sql);
      database.exec(fmt::format("PRAGMA user_version = {}", step.from + 1));
    }
  database.exec(views_sql);
  make_room_for_views(database);
  make_experiment_views(database);
  transaction.commit();
}

}  // namespace descent
