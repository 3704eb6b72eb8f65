-- One row per measure: the states of its activities as of the release, second prints left out.
-- plan_id: dim_plan.plan_id
SELECT a.measure_id, a.plan_id, m.summary,
${indicators/status_counts}
FROM dim_measure AS m JOIN activities AS a USING (measure_id)
WHERE a.duplicate_of IS NULL GROUP BY ALL ORDER BY 1
