-- One row per cited paragraph: the states of its activities as of the release, second prints left out. They say what became
-- of the activities, not of the recommendation.
SELECT r.recommendation_id, r.plan_id, r.recommendation_number, r.symbol, r.paragraph, r.kind,
${indicators/status_counts}
FROM dim_recommendation AS r JOIN bridge_measure_recommendation AS b USING (recommendation_id)
JOIN activities AS a USING (measure_id)
WHERE a.duplicate_of IS NULL GROUP BY ALL ORDER BY 1
