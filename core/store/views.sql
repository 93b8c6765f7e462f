-- SPDX-License-Identifier: MIT
-- The views of a store. Every statistic of `results` is a subquery of its own over the runs of one
-- point (a range of the primary key), so a query pays for the columns and the points it names.

CREATE VIEW curves AS
SELECT c.run_id, c.epoch, m.name AS metric, c.value
FROM curve_rows c JOIN metrics m USING (metric_id);

-- Of points that stand: a comparison with one that was superseded is of no use. What the points are
-- is told by the paths that their experiment sweeps, also of a confirmation, which sweeps fewer.
CREATE VIEW contrasts AS
SELECT
  c.family_id, e.name AS experiment, c.a, c.b,
  (SELECT group_concat(path || '=' || iif(typeof(value) = 'real', printf('%.15g', value), value), ', ')
   FROM (SELECT v.path, v.value FROM json_each(e.swept) j
         JOIN parameters v ON v.point_id = c.a AND v.path = j.value
         WHERE v.value IS NOT NULL ORDER BY j.key)) AS point,
  (SELECT group_concat(path || '=' || iif(typeof(value) = 'real', printf('%.15g', value), value), ', ')
   FROM (SELECT v.path, v.value FROM json_each(e.swept) j
         JOIN parameters v ON v.point_id = c.b AND v.path = j.value
         WHERE v.value IS NOT NULL ORDER BY j.key)) AS baseline,
  c.metric, c.quantity, c.diff, c.se_paired, c.corr, c.df, c.lo, c.hi, f.ci_level,
  c.p, c.p_holm, c.q_bh, c.k_family, c.replicates, c.dropped, c.more_replicates,
  c.fresh_replicates, c.verdict
FROM contrast_rows c
JOIN contrast_families f USING (family_id)
JOIN experiments e USING (experiment_id)
WHERE (SELECT superseded_by FROM points WHERE point_id = c.a) IS NULL
  AND (SELECT superseded_by FROM points WHERE point_id = c.b) IS NULL;

CREATE VIEW results AS
SELECT
  e.name AS experiment,
  p.point_id,
  (SELECT json_group_object(path, CASE WHEN number IS NULL THEN text
                                       WHEN text IS NULL THEN number
                                       ELSE json(text) END)
   FROM parameters WHERE point_id = p.point_id) AS parameters,
  (SELECT json_group_object(a.path, CASE WHEN a.number IS NULL THEN a.text
                                         WHEN a.text IS NULL THEN a.number
                                         ELSE json(a.text) END)
   FROM json_each(e.swept) j JOIN parameters a ON a.point_id = p.point_id AND a.path = j.value
  ) AS swept,
  p.replicates,
  (SELECT count(*) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS runs,
  (SELECT count(*) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS done,
  (SELECT count(*) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'diverged') AS diverged,
  (SELECT count(*) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'failed') AS failed,
  (SELECT count(*) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'timeout') AS timeout,
  (SELECT count(*) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'crashed') AS crashed,
  (SELECT count(*) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'pruned') AS pruned,

  (SELECT CASE WHEN sum(status <> 'done' OR test_loss IS NULL) = 0 THEN avg(test_loss) END FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS test_loss_mean,
  (SELECT CASE WHEN sum(r.status <> 'done' OR r.test_loss IS NULL) = 0
               THEN sqrt(sum((r.test_loss - m.mean) * (r.test_loss - m.mean)) / (m.n - 1)) END
   FROM (SELECT avg(test_loss) AS mean, count(test_loss) AS n FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run) m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run) AS test_loss_sd,
  (SELECT CASE WHEN sum(r.status <> 'done' OR r.test_loss IS NULL) = 0
               THEN sqrt(sum((r.test_loss - m.mean) * (r.test_loss - m.mean)) / (m.n - 1) / m.n) END
   FROM (SELECT avg(test_loss) AS mean, count(test_loss) AS n FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run) m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run) AS test_loss_se,
  (SELECT avg(test_loss) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS test_loss_mean_done,
  (SELECT sqrt(sum((r.test_loss - m.mean) * (r.test_loss - m.mean)) / (m.n - 1) / m.n)
   FROM (SELECT avg(test_loss) AS mean, count(test_loss) AS n FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run AND r.status = 'done') AS test_loss_se_done,
  (SELECT min(test_loss) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS test_loss_min,
  (SELECT nullif(avg(x), 9e999) FROM (SELECT x, row_number() OVER (ORDER BY x) AS i, count(*) OVER () AS n
                       FROM (SELECT iif(status = 'done', test_loss, 9e999) AS x FROM runs
                             WHERE run_id BETWEEN p.first_run AND p.last_run)
                       WHERE x IS NOT NULL)
   WHERE i IN ((n + 1) / 2, (n + 2) / 2)) AS test_loss_median,
  (SELECT nullif(max(iif(status = 'done', test_loss, 9e999)), 9e999) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS test_loss_max,

  (SELECT CASE WHEN sum(status <> 'done' OR train_loss IS NULL) = 0 THEN avg(train_loss) END FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS train_loss_mean,
  (SELECT CASE WHEN sum(r.status <> 'done' OR r.train_loss IS NULL) = 0
               THEN sqrt(sum((r.train_loss - m.mean) * (r.train_loss - m.mean)) / (m.n - 1)) END
   FROM (SELECT avg(train_loss) AS mean, count(train_loss) AS n FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run) m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run) AS train_loss_sd,
  (SELECT CASE WHEN sum(r.status <> 'done' OR r.train_loss IS NULL) = 0
               THEN sqrt(sum((r.train_loss - m.mean) * (r.train_loss - m.mean)) / (m.n - 1) / m.n) END
   FROM (SELECT avg(train_loss) AS mean, count(train_loss) AS n FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run) m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run) AS train_loss_se,
  (SELECT avg(train_loss) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS train_loss_mean_done,
  (SELECT sqrt(sum((r.train_loss - m.mean) * (r.train_loss - m.mean)) / (m.n - 1) / m.n)
   FROM (SELECT avg(train_loss) AS mean, count(train_loss) AS n FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run AND r.status = 'done') AS train_loss_se_done,
  (SELECT min(train_loss) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS train_loss_min,
  (SELECT nullif(avg(x), 9e999) FROM (SELECT x, row_number() OVER (ORDER BY x) AS i, count(*) OVER () AS n
                       FROM (SELECT iif(status = 'done', train_loss, 9e999) AS x FROM runs
                             WHERE run_id BETWEEN p.first_run AND p.last_run)
                       WHERE x IS NOT NULL)
   WHERE i IN ((n + 1) / 2, (n + 2) / 2)) AS train_loss_median,
  (SELECT nullif(max(iif(status = 'done', train_loss, 9e999)), 9e999) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS train_loss_max,

  (SELECT CASE WHEN sum(status <> 'done' OR validation_loss IS NULL) = 0 THEN avg(validation_loss) END FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS validation_loss_mean,
  (SELECT CASE WHEN sum(r.status <> 'done' OR r.validation_loss IS NULL) = 0
               THEN sqrt(sum((r.validation_loss - m.mean) * (r.validation_loss - m.mean)) / (m.n - 1)) END
   FROM (SELECT avg(validation_loss) AS mean, count(validation_loss) AS n FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run) m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run) AS validation_loss_sd,
  (SELECT CASE WHEN sum(r.status <> 'done' OR r.validation_loss IS NULL) = 0
               THEN sqrt(sum((r.validation_loss - m.mean) * (r.validation_loss - m.mean)) / (m.n - 1) / m.n) END
   FROM (SELECT avg(validation_loss) AS mean, count(validation_loss) AS n FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run) m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run) AS validation_loss_se,
  (SELECT avg(validation_loss) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS validation_loss_mean_done,
  (SELECT sqrt(sum((r.validation_loss - m.mean) * (r.validation_loss - m.mean)) / (m.n - 1) / m.n)
   FROM (SELECT avg(validation_loss) AS mean, count(validation_loss) AS n FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run AND r.status = 'done') AS validation_loss_se_done,
  (SELECT min(validation_loss) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS validation_loss_min,
  (SELECT nullif(avg(x), 9e999) FROM (SELECT x, row_number() OVER (ORDER BY x) AS i, count(*) OVER () AS n
                       FROM (SELECT iif(status = 'done', validation_loss, 9e999) AS x FROM runs
                             WHERE run_id BETWEEN p.first_run AND p.last_run)
                       WHERE x IS NOT NULL)
   WHERE i IN ((n + 1) / 2, (n + 2) / 2)) AS validation_loss_median,
  (SELECT nullif(max(iif(status = 'done', validation_loss, 9e999)), 9e999) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS validation_loss_max,

  (SELECT CASE WHEN sum(status <> 'done' OR test_accuracy IS NULL) = 0 THEN avg(test_accuracy) END FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS test_accuracy_mean,
  (SELECT avg(test_accuracy) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS test_accuracy_mean_done,
  (SELECT CASE WHEN sum(status <> 'done' OR validation_accuracy IS NULL) = 0 THEN avg(validation_accuracy) END FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS validation_accuracy_mean,
  (SELECT avg(validation_accuracy) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS validation_accuracy_mean_done,
  (SELECT avg(epochs) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS epochs_mean,
  (SELECT avg(train_seconds) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS train_seconds_mean,

  (SELECT text FROM parameters
   WHERE point_id = p.point_id AND path = 'replicates.resample') AS resample,
  p.primary_metric AS metric,
  b.total, b.total_se, b.bias2, b.bias2_se, b.variance, b.variance_se, b.noise
FROM points p
JOIN experiments e USING (experiment_id)
LEFT JOIN bias_variance b
  ON b.point_id = p.point_id AND b.metric = p.primary_metric
 AND b.epoch = (SELECT max(epoch) FROM bias_variance
                WHERE point_id = p.point_id AND metric = p.primary_metric)
WHERE p.superseded_by IS NULL;
