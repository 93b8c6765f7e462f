-- SPDX-License-Identifier: MIT
-- The views that answer common questions about a grid: which point is best, which runs failed, which
-- points are fast, what a setting does. None drops a run that is not done: a mean over such runs is
-- NULL, a race counts them as not reached, and the columns *_done give the value over completed runs.
-- They use functions of plain SQLite only.

-- The values of swept paths, for points that are not superseded.
CREATE VIEW swept_values AS
SELECT e.experiment_id, e.name AS experiment, v.point_id, v.path, v.value
FROM experiments e
JOIN json_each(e.swept) j
JOIN points p ON p.experiment_id = e.experiment_id
JOIN swept_parameters v ON v.point_id = p.point_id AND v.path = j.value
WHERE p.superseded_by IS NULL;

-- What kind of axis each swept path is, and the first path that determines it. A number determines only
-- what runs along with it, as in a zip: where values are drawn, each differs from all others and would
-- determine everything. Of two paths that determine each other, the first is free.
CREATE VIEW axes AS
WITH
  counted AS (
    SELECT e.experiment_id, e.name AS experiment, e.swept, j.key AS place, j.value AS path,
           (SELECT count(DISTINCT value) FROM swept_values
            WHERE experiment_id = e.experiment_id AND path = j.value) AS kinds_of_value,
           (SELECT count(DISTINCT value) FROM swept_values
            WHERE experiment_id = e.experiment_id AND path = j.value
              AND typeof(value) <> 'text') AS numbers,
           (SELECT count(*) FROM points
            WHERE experiment_id = e.experiment_id AND superseded_by IS NULL) AS points,
           (SELECT count(*) FROM swept_values
            WHERE experiment_id = e.experiment_id AND path = j.value) AS points_with
    FROM experiments e JOIN json_each(e.swept) j),
  kinds AS (
    SELECT c.*,
           CASE WHEN kinds_of_value + (points_with < points) < 2 THEN 'constant'
                WHEN numbers < 3 OR kinds_of_value - numbers > 2 THEN 'word'
                WHEN kinds_of_value = numbers THEN 'number'
                ELSE 'ordered' END AS kind
    FROM counted c),
  pairs AS (
    SELECT k.experiment, k.place, k.path, k.kind, k.kinds_of_value, o.key AS by_place,
           o.value AS by_path,
           EXISTS (SELECT 1 FROM points p
                   LEFT JOIN swept_parameters x ON x.point_id = p.point_id AND x.path = k.path
                   LEFT JOIN swept_parameters y ON y.point_id = p.point_id AND y.path = o.value
                   WHERE p.experiment_id = k.experiment_id AND p.superseded_by IS NULL
                   GROUP BY y.value
                   HAVING count(DISTINCT x.value) + (count(x.value) BETWEEN 1 AND count(*) - 1) > 1)
             AS is_free,
           EXISTS (SELECT 1 FROM points p
                   LEFT JOIN swept_parameters x ON x.point_id = p.point_id AND x.path = k.path
                   LEFT JOIN swept_parameters y ON y.point_id = p.point_id AND y.path = o.value
                   WHERE p.experiment_id = k.experiment_id AND p.superseded_by IS NULL
                   GROUP BY x.value
                   HAVING count(DISTINCT y.value) + (count(y.value) BETWEEN 1 AND count(*) - 1) > 1)
             AS frees,
           (SELECT count(DISTINCT rises)
            FROM (SELECT value > lag(value) OVER (ORDER BY by_value, value) AS rises, value,
                         lag(value) OVER (ORDER BY by_value, value) AS before
                  FROM (SELECT DISTINCT x.value, y.value AS by_value
                        FROM swept_values x JOIN swept_parameters y USING (point_id)
                        WHERE x.experiment_id = k.experiment_id AND x.path = k.path
                          AND y.path = o.value))
            WHERE value <> before) < 2 AS runs_along
    FROM kinds k LEFT JOIN json_each(k.swept) o ON o.value <> k.path)
SELECT
  experiment, path, kind, kinds_of_value AS "values",
  (SELECT p.by_path FROM pairs p JOIN kinds o ON o.experiment = p.experiment AND o.path = p.by_path
   WHERE p.experiment = k.experiment AND p.path = k.path AND k.kind <> 'constant' AND NOT p.is_free
     AND o.kind <> 'constant' AND (o.kind = 'word' OR p.runs_along)
     AND (p.frees OR p.by_place < k.place)
   ORDER BY p.by_place LIMIT 1) AS follows_from
FROM kinds k;

-- The metric by which the points of an experiment are ranked: the total error of their primary metric
-- if one of them has it, and if this is what all train for, or if their losses differ; else the loss on
-- the test set, else on the training set.
CREATE VIEW objectives AS
SELECT
  e.experiment_id, e.name AS experiment,
  CASE WHEN EXISTS (SELECT 1 FROM points p JOIN bias_variance b USING (point_id)
                    WHERE p.experiment_id = e.experiment_id AND p.superseded_by IS NULL
                      AND b.metric = p.primary_metric)
         AND (NOT EXISTS (SELECT 1 FROM points p
                          WHERE p.experiment_id = e.experiment_id AND p.superseded_by IS NULL
                            AND p.ranked_by = 'test_loss')
              OR EXISTS (SELECT 1 FROM json_each(e.swept)
                         WHERE value = 'loss' OR value LIKE 'loss.%')) THEN 'total'
       WHEN EXISTS (SELECT 1 FROM points p JOIN runs r USING (point_id)
                    WHERE p.experiment_id = e.experiment_id AND p.superseded_by IS NULL
                      AND r.test_loss IS NOT NULL) THEN 'test_loss'
       ELSE 'train_loss' END AS objective
FROM experiments e;

-- One pass over the runs of a point counts them, a second one takes the spread about their mean.
-- The quantile of Student's t is looked up to 20 degrees of freedom and a series beyond (Abramowitz
-- and Stegun 26.7.5, true to 2e-7 there).
CREATE VIEW scores AS
WITH
  quantiles(df, t) AS (VALUES
    (1, 12.706204736174696), (2, 4.302652729749463), (3, 3.1824463052837086),
    (4, 2.7764451051977934), (5, 2.570581835636315), (6, 2.4469118511449697),
    (7, 2.3646242515927844), (8, 2.3060041352041662), (9, 2.2621571627982053),
    (10, 2.2281388519862744), (11, 2.2009851600916392), (12, 2.178812829667228),
    (13, 2.160368656462792), (14, 2.144786687917803), (15, 2.1314495455597755),
    (16, 2.119905299221254), (17, 2.1098155778333165), (18, 2.1009220402410373),
    (19, 2.093024054408309), (20, 2.085963447265865)),
  chosen AS MATERIALIZED (SELECT * FROM objectives),
  counted AS (
    SELECT p.point_id, p.experiment_id, p.first_run, p.last_run, p.task, p.primary_metric,
           p.replicates, c.experiment, c.objective, {independent} AS independent,
           count(r.run_id) AS runs, coalesce(sum(r.status = 'done'), 0) AS done,
           count(CASE WHEN r.status = 'done'
                      THEN iif(c.objective = 'train_loss', r.train_loss, r.test_loss) END) AS n,
           avg(CASE WHEN r.status = 'done'
                    THEN iif(c.objective = 'train_loss', r.train_loss, r.test_loss) END) AS mean,
           min(CASE WHEN r.status = 'done'
                    THEN iif(c.objective = 'train_loss', r.train_loss, r.test_loss) END) AS least,
           max(CASE WHEN r.status = 'done'
                    THEN iif(c.objective = 'train_loss', r.train_loss, r.test_loss) END) AS most
    FROM points p
    JOIN chosen c USING (experiment_id)
    LEFT JOIN runs r ON r.run_id BETWEEN p.first_run AND p.last_run
    WHERE p.superseded_by IS NULL
    GROUP BY c.experiment, p.point_id),
  -- squares of very large and very small losses would overflow or vanish
  scaled AS (
    SELECT c.*, CASE WHEN max(abs(least), abs(most)) BETWEEN 1e-323 AND 1e-100
                       OR max(abs(least), abs(most)) BETWEEN 1e100 AND 1.79e308
                     THEN max(abs(least), abs(most)) ELSE 1.0 END AS scale
    FROM counted c),
  spread AS (
    SELECT p.point_id, p.experiment, p.task, p.objective, p.primary_metric, p.replicates, p.runs,
           p.done, p.n, p.mean,
           CASE WHEN p.least >= 0 THEN p.most / nullif(p.n * p.mean, 0) END AS share,
           CASE WHEN p.objective <> 'total' AND p.n > 1 AND p.independent THEN
             sqrt((SELECT sum(square)
                   FROM (SELECT (loss - p.mean) / p.scale * ((loss - p.mean) / p.scale) AS square
                         FROM (SELECT iif(p.objective = 'train_loss', r.train_loss, r.test_loss) AS loss
                               FROM runs r
                               WHERE r.run_id BETWEEN p.first_run AND p.last_run
                                 AND r.status = 'done'))) / (p.n - 1) / p.n) * p.scale END AS se,
           coalesce(q.t, 1.959963984540054 + (2.372271230298562 + (2.8224986157396112 +
             (2.555849679507722 + 1.5895340533938225 / (p.n - 1)) / (p.n - 1)) / (p.n - 1)) /
             (p.n - 1)) AS t
    FROM scaled p LEFT JOIN quantiles q ON q.df = p.n - 1),
  valued AS (
    SELECT s.experiment, s.point_id, s.task,
           iif(s.objective = 'total', s.primary_metric, s.objective) AS metric,
           (SELECT coalesce(json_extract(configuration, '$.replicates.resample.name'),
                            json_extract(configuration, '$.replicates.resample'))
            FROM points WHERE point_id = s.point_id) AS resample,
           s.replicates, s.runs, s.done,
           s.runs > 0 AND s.done = s.runs AND (s.objective = 'total' OR s.n = s.runs) AS whole,
           iif(s.objective = 'total', b.total, s.mean) AS mean,
           iif(s.objective = 'total', b.total_se, s.se) AS se,
           iif(s.objective = 'total', b.total_lo, s.mean - s.t * s.se) AS lo,
           iif(s.objective = 'total', b.total_hi, s.mean + s.t * s.se) AS hi,
           iif(s.objective = 'total', b.max_replicate_share, s.share) AS max_replicate_share
    FROM spread s
    LEFT JOIN bias_variance b
      ON s.objective = 'total' AND b.point_id = s.point_id AND b.metric = s.primary_metric
     AND b.epoch = (SELECT max(epoch) FROM bias_variance
                    WHERE point_id = s.point_id AND metric = s.primary_metric))
SELECT
  experiment, metric, task, resample,
  rank() OVER (PARTITION BY experiment, metric, task
               ORDER BY NOT (whole AND mean IS NOT NULL), iif(whole, mean, NULL),
                        1.0 * done / max(runs, 1) DESC, mean IS NULL, mean) AS rank,
  point_id, iif(whole, mean, NULL) AS mean, iif(whole, se, NULL) AS se,
  iif(whole, lo, NULL) AS lo, iif(whole, hi, NULL) AS hi,
  mean AS mean_done, se AS se_done, lo AS lo_done, hi AS hi_done, replicates, runs, done,
  max_replicate_share, {warning} AS warning
FROM valued;

CREATE VIEW leaderboard AS
SELECT
  s.experiment, s.metric, s.task, s.resample, s.rank, s.point_id,
  (SELECT nullif(label, '') FROM points WHERE point_id = s.point_id) AS point,
  s.mean, s.se, s.lo, s.hi, s.mean_done, s.se_done, s.lo_done, s.hi_done,
  s.replicates, s.runs, s.done, s.max_replicate_share, s.warning
FROM scores s
ORDER BY s.experiment, s.metric, s.task, s.rank, s.point_id;

CREATE VIEW best_per AS
SELECT
  b.experiment, b.metric, b.task, b.resample, b.path, b.value, b.rank, b.point_id,
  (SELECT nullif(label, '') FROM points WHERE point_id = b.point_id) AS point,
  b.mean, b.se, b.lo, b.hi, b.mean_done, b.replicates, b.runs, b.done, b.points, b.points_not_done
FROM (SELECT
        s.*, v.path, v.value,
        row_number() OVER (PARTITION BY s.experiment, s.metric, s.task, v.path, v.value
                           ORDER BY s.rank, s.point_id) AS place,
        count(*) OVER same AS points, sum(s.done < s.runs) OVER same AS points_not_done
      FROM scores s JOIN swept_values v USING (point_id)
      WINDOW same AS (PARTITION BY s.experiment, s.metric, s.task, v.path, v.value)) b
WHERE b.place = 1
ORDER BY b.experiment, b.metric, b.task, b.path, b.rank, b.point_id;

CREATE VIEW failures AS
SELECT
  e.name AS experiment, r.point_id, r.run_id, r.replicate, r.status, r.reason,
  substr(r.reason, 1, min(instr(r.reason || ' at step', ' at step'),
                          instr(r.reason || ' after epoch', ' after epoch')) - 1) AS cause,
  (SELECT nullif(label, '') FROM points WHERE point_id = r.point_id) AS point,
  r.epochs, r.steps, r.last_finite_loss
FROM runs r
JOIN points p USING (point_id)
JOIN experiments e USING (experiment_id)
WHERE r.status <> 'done' AND p.superseded_by IS NULL;

-- For each value of the path before it (each optimizer, for optimizer.lr) the best point, and those
-- that agree with it in everything else.
CREATE VIEW sensitivity AS
WITH
  axes AS MATERIALIZED (
    SELECT e.name AS experiment, e.swept, j.value AS path,
           (SELECT o.value FROM json_each(e.swept) o
            WHERE substr(j.value, 1, length(o.value) + 1) = o.value || '.'
            ORDER BY length(o.value) DESC LIMIT 1) AS owner
    FROM experiments e JOIN json_each(e.swept) j),
  along AS (
    SELECT s.*, a.swept, a.path, a.owner, o.value AS of, v.value,
           first_value(s.point_id) OVER (
             PARTITION BY s.experiment, s.metric, s.task, a.path, o.value
             ORDER BY s.rank, s.point_id) AS best
    FROM scores s
    JOIN axes a USING (experiment)
    JOIN swept_parameters v ON v.point_id = s.point_id AND v.path = a.path
    LEFT JOIN swept_parameters o ON o.point_id = s.point_id AND o.path = a.owner)
SELECT
  a.experiment, a.metric, a.task, a.resample, a.path, a.owner, a.of, a.value, a.point_id,
  a.point_id = a.best AS is_best, a.mean, a.se, a.lo, a.hi, a.mean_done, a.replicates, a.runs, a.done
FROM along a
WHERE NOT EXISTS (
  SELECT 1 FROM json_each(a.swept) j
  WHERE j.value <> a.path
    AND (SELECT value FROM swept_parameters WHERE point_id = a.point_id AND path = j.value)
        IS NOT (SELECT value FROM swept_parameters WHERE point_id = a.best AND path = j.value))
ORDER BY a.experiment, a.metric, a.task, a.path, a.of, a.value, a.point_id;

-- More and Wild 2009: f <= f_best + tolerance (f_0 - f_best), f_best being the least value that a run
-- of the same problem and replicate recorded, of those that are done. The order of the joins is given,
-- and the window keeps a problem's text from being worked out for each run, so that a query about one
-- experiment costs what this experiment costs.
CREATE VIEW time_to_target AS
WITH
  chosen AS MATERIALIZED (SELECT * FROM objectives),
  settings AS (
    SELECT e.name AS experiment, p.point_id, p.first_run, p.last_run, p.task, c.objective,
           row_number() OVER (PARTITION BY e.name) AS place,
           coalesce(json_extract(p.configuration, '$.optimizer.name'),
                    json_extract(p.configuration, '$.optimizer')) AS optimizer,
           (SELECT group_concat(path || '=' || value, ', ')
            FROM (SELECT v.path, v.value FROM json_each(e.swept) j
                  JOIN swept_parameters v ON v.point_id = p.point_id AND v.path = j.value
                  WHERE v.value IS NOT NULL AND v.path <> 'optimizer'
                    AND v.path NOT LIKE 'optimizer.%' AND v.path <> 'train.schedule'
                    AND v.path NOT LIKE 'train.schedule.%' ORDER BY j.key)) AS problem
    FROM experiments e
    CROSS JOIN points p ON p.experiment_id = e.experiment_id
    JOIN chosen c ON c.experiment_id = e.experiment_id
    WHERE p.superseded_by IS NULL),
  recorded AS (
    SELECT s.experiment, s.task, s.point_id, s.optimizer, coalesce(s.problem, '') AS problem,
           r.run_id, r.replicate, r.status, m.metric_id, m.name AS metric,
           (SELECT value FROM curve_rows
            WHERE run_id = r.run_id AND epoch = 0 AND metric_id = m.metric_id) AS start,
           CASE WHEN r.status = 'done' THEN
             (SELECT min(value) FROM curve_rows
              WHERE run_id = r.run_id AND metric_id = m.metric_id) END AS least
    FROM settings s
    CROSS JOIN runs r ON r.run_id BETWEEN s.first_run AND s.last_run
    CROSS JOIN metrics m ON m.metric_id = 0 OR (m.metric_id = 1 AND s.objective <> 'train_loss')),
  judged AS (
    SELECT d.*, min(d.least) OVER (PARTITION BY d.experiment, d.task, d.problem, d.metric,
                                                d.replicate) AS best
    FROM recorded d),
  arrived AS (
    SELECT j.*, t.column1 AS tolerance,
           CASE WHEN j.start < 9e999 THEN j.best + t.column1 * (j.start - j.best) END AS target,
           CASE WHEN j.status = 'done' AND j.start < 9e999 THEN
             (SELECT c.epoch FROM curve_rows c
              WHERE c.run_id = j.run_id AND c.metric_id = j.metric_id
                AND c.value <= j.best + t.column1 * (j.start - j.best)
              ORDER BY c.epoch LIMIT 1) END AS epoch
    FROM judged j JOIN (VALUES (0.1), (0.01), (0.001)) t)
SELECT
  a.experiment, a.task, a.problem, a.optimizer, a.point_id, a.run_id, a.replicate, a.status,
  a.metric, a.tolerance, a.start, a.best, a.target, a.epoch, c.step AS steps, c.evaluations,
  c.elapsed_seconds
FROM arrived a
LEFT JOIN curve_costs c ON c.run_id = a.run_id AND c.epoch = a.epoch;

-- Dolan and More 2002. A problem is one replicate of a configuration without what belongs to the
-- optimizer; of an optimizer's settings the one counts that arrives in most replicates, then at the
-- least cost. Ratios of costs have no unit, so 'all' may take in the problems of several tasks. Sums
-- are windows of which one row is kept, and every part is named once: so SQLite pushes the requested
-- experiment, metric, tolerance and cost down to the runs, and a query costs what it asks for.
CREATE VIEW performance_profile AS
WITH
  costs AS (
    SELECT a.experiment, a.task, a.metric, a.tolerance, c.column1 AS unit, a.problem, a.optimizer,
           a.point_id, a.replicate,
           CASE c.column1 WHEN 'steps' THEN a.steps WHEN 'evaluations' THEN a.evaluations
                          ELSE a.elapsed_seconds END AS cost
    FROM time_to_target a JOIN (VALUES ('steps'), ('evaluations'), ('seconds')) c),
  tried AS (
    SELECT c.*, count(cost) OVER setting AS reached, avg(cost) OVER setting AS average
    FROM costs c
    WINDOW setting AS (PARTITION BY experiment, task, metric, tolerance, unit, problem, optimizer,
                                    point_id)),
  placed AS (
    SELECT t.*, dense_rank() OVER (PARTITION BY experiment, task, metric, tolerance, unit, problem,
                                                optimizer
                                   ORDER BY reached DESC, average, point_id) AS place
    FROM tried t),
  raced AS (
    SELECT p.*, min(cost) OVER (PARTITION BY experiment, task, metric, tolerance, unit, problem,
                                             replicate) AS best
    FROM placed p WHERE place = 1),
  ratios AS (
    SELECT experiment, iif(t.column1, 'all', r.task) AS task, metric, tolerance, unit, optimizer,
           CASE WHEN cost = best THEN 1.0 ELSE 1.0 * cost / best END AS ratio
    FROM raced r JOIN (VALUES (0), (1)) t
      ON t.column1 = 0
      OR r.experiment IN (SELECT e.name FROM points p JOIN experiments e USING (experiment_id)
                          WHERE p.superseded_by IS NULL
                          GROUP BY e.name HAVING count(DISTINCT p.task) > 1)),
  sized AS (
    SELECT r.*, count(*) OVER own AS problems, count(ratio) OVER own AS all_solved,
           min(ratio) OVER own AS least, max(ratio) OVER own AS most,
           count(ratio) OVER (own ORDER BY ratio) AS solved,
           lag(ratio) OVER (own ORDER BY ratio) IS NOT ratio AS is_first_of_ratio,
           row_number() OVER (own ORDER BY ratio) AS in_own
    FROM ratios r
    WINDOW own AS (PARTITION BY experiment, task, metric, tolerance, unit, optimizer)),
  summed AS (
    SELECT s.*, max(ratio) OVER (PARTITION BY experiment, task, metric, tolerance, unit) AS greatest
    FROM sized s),
  -- where a curve begins, where it rises, and where the last of all curves rises
  corners AS (
    SELECT s.*, c.column1 AS corner
    FROM summed s JOIN (VALUES ('begin'), ('rise'), ('end')) c
      ON CASE c.column1 WHEN 'rise' THEN is_first_of_ratio AND ratio IS NOT NULL
                        WHEN 'begin' THEN in_own = 1 AND coalesce(least > 1, 1)
                        ELSE in_own = 1 AND greatest > coalesce(most, 1) END),
  curve AS (
    SELECT c.*, CASE corner WHEN 'begin' THEN 1.0 WHEN 'rise' THEN ratio ELSE greatest END AS tau,
           CASE corner WHEN 'begin' THEN 0 WHEN 'rise' THEN c.solved ELSE all_solved END AS arrived
    FROM corners c)
SELECT
  experiment, task, metric, tolerance, unit AS cost, optimizer, tau, 1.0 * arrived / problems AS rho,
  arrived AS solved, problems
FROM curve;

-- The points that represent a value of a path in comparisons: the best point of the value, for every
-- task and setting of the other swept paths. Paths below this one belong to the value, as an optimizer's
-- hyperparameters do.
CREATE VIEW best_settings AS
SELECT experiment, task, path, value, others, point_id
FROM (SELECT o.*, row_number() OVER (PARTITION BY o.experiment, o.task, o.path, o.value, o.others
                                     ORDER BY o.rank, o.point_id) AS place
      FROM (SELECT v.experiment, s.task, v.path, v.value, v.point_id, s.rank,
                   coalesce(
                     (SELECT group_concat(path || '=' || iif(typeof(value) = 'real', printf('%.15g', value), value), ', ')
                      FROM (SELECT w.path, w.value FROM experiments e JOIN json_each(e.swept) j
                            JOIN swept_parameters w ON w.point_id = v.point_id AND w.path = j.value
                            WHERE e.experiment_id = v.experiment_id
                              AND w.path <> v.path
                              AND substr(w.path, 1, length(v.path) + 1) <> v.path || '.'
                            ORDER BY j.key)), '') AS others
            FROM swept_values v JOIN scores s USING (point_id)) o)
WHERE place = 1;

-- Replicates share their draws over points, so the standard error is that of clusters, a replicate
-- each. Values of a path that decides the task, such as the seed, make no pairs. Sums are windows
-- of which one row is kept, of one partition at a level: through them SQLite pushes down the requested
-- path, which it does not do through GROUP BY.
CREATE VIEW pairwise AS
WITH
  chosen AS MATERIALIZED (SELECT * FROM objectives),
  -- the points of a group as a list, as SQLite does not index what it works out itself
  matched AS (
    SELECT g.experiment, g.task, g.path, a.value AS a, b.value AS b, x.value AS point_a, y.value AS point_b,
           -- replicates with the same data set
           (SELECT iif({independent}, 1, json_extract(p.configuration, '$.replicates.seeds'))
            FROM points p WHERE p.point_id = x.value) AS block,
           (SELECT {test_over_training} FROM points p WHERE p.point_id = x.value) AS overlap
    FROM (SELECT experiment, task, path, json_group_array(point_id) OVER others AS points,
                 row_number() OVER others AS place
          FROM best_settings WINDOW others AS (PARTITION BY experiment, path, task, others)) g
    JOIN json_each(g.points) x
    JOIN json_each(g.points) y
    JOIN swept_parameters a ON a.point_id = x.value AND a.path = g.path
    JOIN swept_parameters b ON b.point_id = y.value AND b.path = g.path
    WHERE g.place = 1 AND b.value > a.value),
  losses AS (
    SELECT m.*, r.replicate / m.block AS draws, r.status = 'done' AS done_a, s.status = 'done' AS done_b,
           iif(c.objective = 'train_loss', 'train_loss', 'test_loss') AS metric,
           iif(c.objective = 'train_loss', r.train_loss, r.test_loss) AS loss_a,
           iif(c.objective = 'train_loss', s.train_loss, s.test_loss) AS loss_b,
           iif(c.objective = 'train_loss', 0, m.overlap) AS shared
    FROM matched m
    JOIN chosen c USING (experiment)
    JOIN runs r ON r.point_id = m.point_a
    JOIN runs s ON s.point_id = m.point_b AND s.replicate = r.replicate),
  -- less is better, and nothing is worse than a run that is not done: side -1 is a's
  pairs AS (
    SELECT experiment, task, path, a, b, metric, point_a, point_b, draws, shared,
           CASE WHEN done_a AND done_b THEN loss_a - loss_b END AS diff,
           CASE WHEN done_a AND done_b THEN coalesce((loss_a > loss_b) - (loss_a < loss_b), 0)
                ELSE done_b - done_a END AS side
    FROM losses),
  by_point AS (
    SELECT p.*, sum(side) OVER point AS point_side, row_number() OVER point AS in_point
    FROM pairs p
    WINDOW point AS (PARTITION BY experiment, path, task, a, b, metric, point_a)),
  by_draws AS (
    SELECT p.*, count(diff) OVER same AS n, sum(diff) OVER same AS total,
           row_number() OVER same AS in_draws
    FROM by_point p
    WINDOW same AS (PARTITION BY experiment, path, task, a, b, metric, draws)),
  judged AS (
    SELECT p.*, avg(diff) OVER everything AS mean, row_number() OVER everything AS in_all,
           max(abs(diff)) OVER everything AS size
    FROM by_draws p
    WINDOW everything AS (PARTITION BY experiment, path, task, a, b, metric)),
  scaled AS (
    SELECT j.*, CASE WHEN size BETWEEN 1e-323 AND 1e-100 OR size BETWEEN 1e100 AND 1.79e308
                     THEN size ELSE 1.0 END AS scale
    FROM judged j),
  summed AS (
    SELECT experiment, task, path, a, b, metric, in_all, mean, scale,
           sum(in_point = 1) OVER everything AS points,
           sum(in_point = 1 AND point_side < 0) OVER everything AS points_a,
           sum(in_point = 1 AND point_side > 0) OVER everything AS points_b,
           count(*) OVER everything AS pairs, count(diff) OVER everything AS n,
           sum(in_draws = 1 AND n > 0) OVER everything AS replicates,
           max(shared) OVER everything AS shared,
           sum(CASE WHEN in_draws = 1 AND n > 0
                    THEN (total - n * mean) / scale * ((total - n * mean) / scale) END)
             OVER everything AS squares,
           sum(side < 0) OVER everything AS wins, sum(side > 0) OVER everything AS losses,
           sum(side = 0) OVER everything AS ties
    FROM scaled
    WINDOW everything AS (PARTITION BY experiment, path, task, a, b, metric)),
  -- with the variance that replicates add up to where splits share samples (Nadeau and Bengio 2003)
  estimated AS (
    SELECT s.*, sqrt(squares * replicates / nullif(replicates - 1, 0) * (1 + replicates * shared)) * scale /
                  nullif(n, 0) AS se_done
    FROM summed s WHERE in_all = 1)
SELECT
  experiment, task, path, a, b, metric, points, points_a, points_b, pairs, pairs - n AS dropped, replicates,
  iif(n = pairs, mean, NULL) AS diff, iif(n = pairs, se_done, NULL) AS se, mean AS diff_done, se_done,
  wins, losses, ties
FROM estimated;
