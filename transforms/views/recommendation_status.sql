-- One row per recommendation answered: the states of its activities as of the release, second prints left out.
-- plan_id: dim_plan.plan_id
SELECT r.recommendation_id, r.plan_id, r.recommendation_number,
${indicators/status_counts}
FROM dim_recommendation AS r JOIN bridge_measure_recommendation AS b USING (recommendation_id)
JOIN activities AS a USING (measure_id)
WHERE a.duplicate_of IS NULL GROUP BY ALL ORDER BY 1
