-- SPDX-License-Identifier: MIT
-- The views of a store. Every statistic of `results` is a subquery of its own over the runs of one
-- point (a range of the primary key), so a query pays for the columns and the points it names. schema.cc
-- replaces text in braces.

CREATE VIEW curves AS
SELECT c.run_id, c.epoch, m.name AS metric, c.value, t.step, t.evaluations, t.elapsed_seconds
FROM curve_rows c JOIN metrics m USING (metric_id)
LEFT JOIN curve_costs t ON t.run_id = c.run_id AND t.epoch = c.epoch
UNION ALL
SELECT s.run_id, s.epoch, m.name, s.value, s.step, NULL, NULL
FROM step_rows s JOIN metrics m USING (metric_id)
UNION ALL
SELECT n.run_id, n.epoch, 'optimizer.' || n.name, n.value, t.step, t.evaluations, t.elapsed_seconds
FROM notes n LEFT JOIN curve_costs t ON t.run_id = n.run_id AND t.epoch = n.epoch;

-- Precision, recall and F1 of each class, as far as they are defined.
CREATE VIEW class_measures AS
WITH counts AS (
  SELECT run_id, epoch, samples, output, class,
         sum(weight * is_actual) AS actual, sum(weight * is_predicted) AS predicted,
         sum(weight * is_actual * is_predicted) AS hits
  FROM (SELECT run_id, epoch, samples, output, actual AS class, weight, 1 AS is_actual,
               actual = predicted AS is_predicted FROM confusion
        UNION ALL
        SELECT run_id, epoch, samples, output, predicted, weight, 0, 1 FROM confusion
        WHERE actual <> predicted)
  GROUP BY run_id, epoch, samples, output, class)
SELECT run_id, epoch, samples, output, class,
       hits / nullif(predicted, 0) AS precision, hits / nullif(actual, 0) AS recall,
       2 * hits / nullif(actual + predicted, 0) AS f1, actual AS support
FROM counts;

-- The leaves of the configurations. The name of a choice has the choice's own path. number takes
-- integers and reals as they are; a boolean is 0 or 1 there and a word in text. value is what the
-- experiments' views show.
CREATE VIEW parameters AS
SELECT point_id, path, number, text, coalesce(text, number) AS value
FROM (SELECT
        p.point_id,
        replace(replace(replace(
          substr(iif(j.key = 'name' AND j.path <> '$', j.path, j.fullkey), 3),
          '"', ''), '[', '.'), ']', '') AS path,
        CASE j.type WHEN 'true' THEN 1 WHEN 'false' THEN 0
                    WHEN 'integer' THEN j.value WHEN 'real' THEN j.value END AS number,
        CASE j.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'
                    WHEN 'text' THEN j.value END AS text
      FROM points p JOIN json_tree(p.configuration) j
      WHERE j.type NOT IN ('object', 'array'));

-- Comparisons of points that are not superseded. The points are described by the paths that their
-- experiment sweeps, also for a confirmation, which sweeps fewer.
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
  c.p, c.p_holm, c.q_bh, c.p_sign_flip, c.k_family, c.replicates, c.dropped, c.not_done_a, c.not_done_b,
  c.max_replicate_share, c.se_points, c.more_replicates, c.fresh_replicates,
  f.survivors, f.population, c.verdict
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
  (SELECT json_group_object(path, CASE WHEN number IS NULL THEN text
                                       WHEN text IS NULL THEN number
                                       ELSE json(text) END)
   FROM (SELECT a.path, a.number, a.text
         FROM parameters a CROSS JOIN json_each(e.swept) j
         WHERE a.point_id = p.point_id AND a.path = j.value ORDER BY j.key)) AS swept,
  p.replicates,
  (SELECT count(*) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS runs,
  {status_counts}

  {loss_statistics}
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
  (SELECT avg(evaluations) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS evaluations_mean,
  (SELECT avg(train_seconds) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS train_seconds_mean,

  coalesce(json_extract(p.configuration, '$.replicates.resample.name'),
           json_extract(p.configuration, '$.replicates.resample')) AS resample,
  p.task, p.primary_metric AS metric,
  b.total, b.total_se, b.total_lo, b.total_hi, b.bias2, b.bias2_se, b.bias2_lo, b.bias2_hi,
  b.variance, b.variance_se, b.variance_lo, b.variance_hi, b.noise,
  (SELECT coalesce(b.max_replicate_share,
                   CASE WHEN min(test_loss) >= 0 THEN max(test_loss) / nullif(sum(test_loss), 0) END)
   FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS max_replicate_share,
  (SELECT {warning}
   FROM (SELECT coalesce(b.max_replicate_share,
                         CASE WHEN min(test_loss) >= 0
                              THEN max(test_loss) / nullif(sum(test_loss), 0) END) AS max_replicate_share,
                count(*) AS done
         FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done')) AS warning
FROM points p
JOIN experiments e USING (experiment_id)
LEFT JOIN bias_variance b
  ON b.point_id = p.point_id AND b.metric = p.primary_metric
 AND b.epoch = (SELECT max(epoch) FROM bias_variance
                WHERE point_id = p.point_id AND metric = p.primary_metric)
WHERE p.superseded_by IS NULL;
