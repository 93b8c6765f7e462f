-- SPDX-License-Identifier: MIT
-- Columns of the view `results`: the statistics of one loss over the runs of a point. Squares of very
-- large and very small losses would overflow or vanish, so those are divided by the largest first.
-- Runs in blocks are not independent, so their mean has no standard error here.
  (SELECT CASE WHEN sum(status <> 'done' OR {loss} IS NULL) = 0 THEN avg({loss}) END FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS {loss}_mean,
  (SELECT CASE WHEN sum(r.status <> 'done' OR r.{loss} IS NULL) = 0
               THEN sqrt(sum((r.{loss} - m.mean) / m.scale * ((r.{loss} - m.mean) / m.scale)) / (m.n - 1)) * m.scale END
   FROM (SELECT avg({loss}) AS mean, count({loss}) AS n, {scale} AS scale FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run) m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run) AS {loss}_sd,
  (SELECT CASE WHEN sum(r.status <> 'done' OR r.{loss} IS NULL) = 0 AND {independent}
               THEN sqrt(sum((r.{loss} - m.mean) / m.scale * ((r.{loss} - m.mean) / m.scale)) / (m.n - 1) / m.n) * m.scale END
   FROM (SELECT avg({loss}) AS mean, count({loss}) AS n, {scale} AS scale FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run) m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run) AS {loss}_se,
  (SELECT avg({loss}) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS {loss}_mean_done,
  (SELECT CASE WHEN {independent}
               THEN sqrt(sum((r.{loss} - m.mean) / m.scale * ((r.{loss} - m.mean) / m.scale)) / (m.n - 1) / m.n) * m.scale END
   FROM (SELECT avg({loss}) AS mean, count({loss}) AS n, {scale} AS scale FROM runs
         WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') m, runs r
   WHERE r.run_id BETWEEN p.first_run AND p.last_run AND r.status = 'done') AS {loss}_se_done,
  (SELECT min({loss}) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run AND status = 'done') AS {loss}_min,
  (SELECT nullif(avg(x), 9e999) FROM (SELECT x, row_number() OVER (ORDER BY x) AS i, count(*) OVER () AS n
                       FROM (SELECT iif(status = 'done', {loss}, 9e999) AS x FROM runs
                             WHERE run_id BETWEEN p.first_run AND p.last_run)
                       WHERE x IS NOT NULL)
   WHERE i IN ((n + 1) / 2, (n + 2) / 2)) AS {loss}_median,
  (SELECT nullif(max(iif(status = 'done', {loss}, 9e999)), 9e999) FROM runs
   WHERE run_id BETWEEN p.first_run AND p.last_run) AS {loss}_max,
