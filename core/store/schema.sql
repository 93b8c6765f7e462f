-- SPDX-License-Identifier: MIT
-- The tables of a store, schema version 1; every column is described in docs/results.md.
-- Ids come from the order of the plan, never from the order of completion. Only columns named
-- *_seconds or *_at, and provenance, differ between two equal invocations. schema.cc replaces text in
-- braces.

CREATE TABLE experiments (
  experiment_id INTEGER PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE,
  view_name     TEXT NOT NULL UNIQUE,
  description   TEXT NOT NULL,
  file          TEXT NOT NULL,
  source        TEXT NOT NULL,
  swept         TEXT NOT NULL CHECK (json_valid(swept)),
  measures      TEXT NOT NULL CHECK (json_valid(measures)),
  report        TEXT NOT NULL CHECK (json_valid(report)),
  created_at    TEXT NOT NULL,
  updated_at    TEXT NOT NULL
) STRICT;

-- What was odd about an experiment when it was last run.
CREATE TABLE warnings (
  experiment_id INTEGER NOT NULL REFERENCES experiments,
  place         TEXT NOT NULL,
  text          TEXT NOT NULL,
  PRIMARY KEY (experiment_id, place, text)
) STRICT, WITHOUT ROWID;

CREATE TABLE points (
  point_id           INTEGER PRIMARY KEY,
  experiment_id      INTEGER NOT NULL REFERENCES experiments,
  position           INTEGER NOT NULL,
  content_hash       TEXT NOT NULL,
  configuration_hash TEXT NOT NULL,
  configuration      TEXT NOT NULL CHECK (json_valid(configuration)),
  replicates         INTEGER NOT NULL CHECK (replicates BETWEEN 1 AND 1000000),
  primary_metric     TEXT NOT NULL,
  ranked_by          TEXT NOT NULL CHECK (ranked_by IN ('total', 'test_loss')),
  label              TEXT NOT NULL DEFAULT '',
  task               TEXT NOT NULL DEFAULT '',
  finished           INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1)),
  superseded_by      INTEGER REFERENCES points,
  first_run          INTEGER GENERATED ALWAYS AS (point_id * 1000000) VIRTUAL,
  last_run           INTEGER GENERATED ALWAYS AS (point_id * 1000000 + 999999) VIRTUAL,
  UNIQUE (configuration_hash, experiment_id, content_hash)
) STRICT;
-- On one column, so that the views list an experiment's points in the order of the plan.
CREATE INDEX points_by_experiment ON points (experiment_id);
CREATE INDEX points_by_test_loss ON points (experiment_id) WHERE ranked_by = 'test_loss';

-- The values of the paths that a point's experiment sweeps. The experiments' views find points by
-- their index. They repeat the configuration, from which note_swept_values() (plan_tables.cc) reads
-- them.
CREATE TABLE swept_parameters (
  point_id INTEGER NOT NULL REFERENCES points,
  path     TEXT NOT NULL,
  value    ANY NOT NULL,
  PRIMARY KEY (point_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX swept_parameters_by_value ON swept_parameters (path, value);

-- The other columns are those of record/run.h.
CREATE TABLE runs (
  run_id   INTEGER PRIMARY KEY,
  point_id INTEGER NOT NULL REFERENCES points,
  {run_columns},
  UNIQUE (point_id, replicate),
  CHECK (replicate BETWEEN 0 AND 999999),
  CHECK (run_id = point_id * 1000000 + replicate)
) STRICT;

-- The scores of points at epochs where some points of their experiment were pruned.
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

-- The scores of chunks of a point at a rung that is not decided yet, summed over replicates.
CREATE TABLE rung_chunks (
  point_id INTEGER NOT NULL REFERENCES points,
  epoch    INTEGER NOT NULL,
  metric   TEXT NOT NULL,
  first    INTEGER NOT NULL,
  count    INTEGER NOT NULL CHECK (count > 0),
  score    REAL NOT NULL,
  PRIMARY KEY (point_id, epoch, metric, first, count)
) STRICT, WITHOUT ROWID;

-- The metrics of curve_rows and run_metrics, as in record/metric.h.
CREATE TABLE metrics (
  metric_id INTEGER PRIMARY KEY,
  name      TEXT NOT NULL UNIQUE,
  label     TEXT NOT NULL,
  better    TEXT CHECK (better = 'lower' OR better = 'higher')
) STRICT;
INSERT INTO metrics VALUES {metric_rows};

-- The tables of many rows have no foreign key: the writer stores a run and its rows together.
CREATE TABLE curve_rows (
  run_id    INTEGER NOT NULL,
  epoch     INTEGER NOT NULL,
  metric_id INTEGER NOT NULL,
  value     REAL,
  PRIMARY KEY (run_id, epoch, metric_id)
) STRICT, WITHOUT ROWID;

-- Metrics between epochs; epoch is the part of the training set that was passed over so far.
CREATE TABLE step_rows (
  run_id    INTEGER NOT NULL,
  step      INTEGER NOT NULL,
  metric_id INTEGER NOT NULL,
  epoch     REAL NOT NULL,
  value     REAL,
  PRIMARY KEY (run_id, step, metric_id)
) STRICT, WITHOUT ROWID;

-- The final values of metrics that are no columns of runs.
CREATE TABLE run_metrics (
  run_id    INTEGER NOT NULL,
  metric_id INTEGER NOT NULL,
  value     REAL,
  PRIMARY KEY (run_id, metric_id)
) STRICT, WITHOUT ROWID;

-- The samples of a class that were predicted as a class; only pairs that occur.
CREATE TABLE confusion (
  run_id    INTEGER NOT NULL,
  epoch     INTEGER NOT NULL,
  samples   TEXT NOT NULL,
  output    TEXT NOT NULL,
  actual    TEXT NOT NULL,
  predicted TEXT NOT NULL,
  weight    REAL NOT NULL,
  PRIMARY KEY (run_id, epoch, samples, output, actual, predicted)
) STRICT, WITHOUT ROWID;

-- What trained models predict: an output of a sample a row.
CREATE TABLE predictions (
  run_id  INTEGER NOT NULL,
  samples TEXT NOT NULL,
  row     INTEGER NOT NULL,
  output  TEXT NOT NULL,
  line    INTEGER,
  value   REAL,
  target  REAL,
  PRIMARY KEY (run_id, samples, row, output)
) STRICT, WITHOUT ROWID;

-- Values that an optimizer noted under names of its own, as they were at recorded epochs.
CREATE TABLE notes (
  run_id INTEGER NOT NULL,
  epoch  INTEGER NOT NULL,
  name   TEXT NOT NULL,
  value  REAL,
  PRIMARY KEY (run_id, epoch, name)
) STRICT, WITHOUT ROWID;

-- The weights after some epochs.
CREATE TABLE checkpoints (
  run_id INTEGER NOT NULL,
  epoch  INTEGER NOT NULL,
  name   TEXT NOT NULL,
  row    INTEGER NOT NULL,
  col    INTEGER NOT NULL,
  value  REAL,
  PRIMARY KEY (run_id, epoch, name, row, col)
) STRICT, WITHOUT ROWID;

-- What predicting needs, described in docs/predict.md.
CREATE TABLE models (
  run_id INTEGER PRIMARY KEY,
  model  TEXT NOT NULL CHECK (json_valid(model))
) STRICT;

-- What a run had cost by a recorded epoch.
CREATE TABLE curve_costs (
  run_id          INTEGER NOT NULL,
  epoch           INTEGER NOT NULL,
  step            INTEGER NOT NULL,
  evaluations     INTEGER NOT NULL,
  elapsed_seconds REAL NOT NULL,
  PRIMARY KEY (run_id, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE weights (
  run_id INTEGER NOT NULL,
  name   TEXT NOT NULL,
  row    INTEGER NOT NULL,
  col    INTEGER NOT NULL,
  value  REAL,
  PRIMARY KEY (run_id, name, row, col)
) STRICT, WITHOUT ROWID;

CREATE TABLE bias_variance (
  point_id             INTEGER NOT NULL REFERENCES points,
  epoch                INTEGER NOT NULL,
  metric               TEXT NOT NULL,
  total                REAL,
  total_se             REAL,
  total_lo             REAL,
  total_hi             REAL,
  bias2                REAL,
  bias2_se             REAL,
  bias2_lo             REAL,
  bias2_hi             REAL,
  variance             REAL,
  variance_se          REAL,
  variance_lo          REAL,
  variance_hi          REAL,
  excess               REAL,
  excess_se            REAL,
  excess_lo            REAL,
  excess_hi            REAL,
  noise                REAL,
  bias_includes_noise  INTEGER NOT NULL CHECK (bias_includes_noise IN (0, 1)),
  bias2_plugin         REAL,
  variance_plugin      REAL,
  identity_residual    REAL,
  replicates           INTEGER NOT NULL,
  left_out             INTEGER NOT NULL,
  jackknife_groups     INTEGER NOT NULL,
  test_points          INTEGER NOT NULL,
  resample             TEXT NOT NULL,
  central              TEXT NOT NULL,
  ci_level             REAL,
  df                   REAL,
  se_method            TEXT NOT NULL,
  floor_used           INTEGER NOT NULL CHECK (floor_used IN (0, 1)),
  max_replicate_share  REAL,
  clip_eps             REAL,
  n_clipped            INTEGER,
  tie_count            INTEGER,
  layout               TEXT NOT NULL DEFAULT 'single',
  seeds                INTEGER,
  total_se_points      REAL,
  bias2_se_points      REAL,
  variance_se_points   REAL,
  total_se_two_way     REAL,
  bias2_se_two_way     REAL,
  variance_se_two_way  REAL,
  PRIMARY KEY (point_id, epoch, metric)
) STRICT, WITHOUT ROWID;

-- The terms of each definition, for losses without bias2 and variance.
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

-- Input of the paired jackknife of two points: the estimates at the last recorded epoch of all
-- replicates (part 0) and of all but each group.
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

-- The estimates of the primary metric at the last recorded epoch for groups of test points.
CREATE TABLE point_groups (
  point_id INTEGER NOT NULL REFERENCES points,
  metric   TEXT NOT NULL,
  part     INTEGER NOT NULL,
  points   INTEGER NOT NULL,
  total    REAL,
  bias2    REAL,
  variance REAL,
  PRIMARY KEY (point_id, metric, part)
) STRICT, WITHOUT ROWID;

-- Of points of one input and one output: the mean and the standard deviation of the predictions of all
-- replicates at test inputs, the predictions of some, and what some were trained on.
CREATE TABLE fits (
  point_id INTEGER NOT NULL REFERENCES points,
  epoch    INTEGER NOT NULL,
  place    INTEGER NOT NULL,
  x        REAL,
  truth    REAL,
  mean     REAL,
  sd       REAL,
  PRIMARY KEY (point_id, epoch, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE replicate_fits (
  point_id  INTEGER NOT NULL REFERENCES points,
  replicate INTEGER NOT NULL,
  place     INTEGER NOT NULL,
  x         REAL,
  y         REAL,
  PRIMARY KEY (point_id, replicate, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE samples (
  point_id  INTEGER NOT NULL REFERENCES points,
  replicate INTEGER NOT NULL,
  place     INTEGER NOT NULL,
  x         REAL,
  y         REAL,
  PRIMARY KEY (point_id, replicate, place)
) STRICT, WITHOUT ROWID;

-- Finished chunks, until their point is finished: where in the scratch file their accumulated
-- predictions are (scratch_file.h). bytes_at follows the order of completion.
CREATE TABLE chunks (
  point_id INTEGER NOT NULL REFERENCES points,
  first    INTEGER NOT NULL,
  count    INTEGER NOT NULL CHECK (count > 0),
  bytes_at INTEGER NOT NULL CHECK (bytes_at >= 0),
  size     INTEGER NOT NULL CHECK (size > 0),
  hash     INTEGER NOT NULL,
  PRIMARY KEY (point_id, first)
) STRICT, WITHOUT ROWID;

-- A plugin is its binary's hash, so that builds in different folders compare; the path it was
-- loaded from is in provenance.
CREATE TABLE plugins (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  abi  INTEGER NOT NULL,
  doc  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE point_plugins (
  point_id INTEGER NOT NULL REFERENCES points,
  hash     TEXT NOT NULL REFERENCES plugins,
  PRIMARY KEY (point_id, hash)
) STRICT, WITHOUT ROWID;

-- Other inputs of a point: the program, data files. Points share them.
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

-- The results of `descent compare`. A family is one call: the same call again replaces it.
CREATE TABLE contrast_families (
  family_id     INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiments,
  baseline      TEXT NOT NULL,
  metrics       TEXT NOT NULL,
  ci_level      REAL NOT NULL,
  survivors     INTEGER NOT NULL CHECK (survivors IN (0, 1)),
  population    INTEGER NOT NULL CHECK (population IN (0, 1)),
  UNIQUE (experiment_id, baseline, metrics, ci_level, survivors, population)
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
  p_sign_flip      REAL,
  k_family         INTEGER NOT NULL,
  replicates       INTEGER NOT NULL,
  dropped          INTEGER NOT NULL,
  not_done_a       INTEGER NOT NULL,
  not_done_b       INTEGER NOT NULL,
  max_replicate_share REAL,
  se_points        REAL,
  more_replicates  INTEGER,
  fresh_replicates INTEGER NOT NULL,
  verdict          TEXT NOT NULL,
  PRIMARY KEY (family_id, a, b, metric, quantity)
) STRICT, WITHOUT ROWID;
CREATE INDEX contrast_rows_by_a ON contrast_rows (a);
CREATE INDEX contrast_rows_by_b ON contrast_rows (b);

-- The selections between the stages of an experiment; the same run again replaces them.
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

CREATE TABLE provenance (
  invocation INTEGER NOT NULL,
  key        TEXT NOT NULL,
  value      TEXT NOT NULL,
  PRIMARY KEY (invocation, key)
) STRICT, WITHOUT ROWID;

-- Who trained what: as provenance, it differs between two equal invocations.
CREATE TABLE point_invocations (
  point_id   INTEGER NOT NULL REFERENCES points,
  invocation INTEGER NOT NULL,
  PRIMARY KEY (point_id, invocation)
) STRICT, WITHOUT ROWID;
