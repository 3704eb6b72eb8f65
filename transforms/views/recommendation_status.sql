-- One row per cited paragraph: the states of its activities as of the release, second prints left out. They say what became
-- of the activities, not of the recommendation.
-- plan_id: dim_plan.plan_id
-- activity_state: Of the planned activities that are not cancelled, not of the recommendation: none (is reported as begun), begun
-- (none is done), partly (done), all_done; NULL where all are cancelled.
SELECT r.recommendation_id, r.plan_id, r.recommendation_number, r.symbol, r.paragraph, r.kind,
${indicators/status_counts},
       CASE WHEN count(*) FILTER (WHERE reported_status <> 'cancelled') = 0 THEN NULL
            WHEN completed + under_way = 0 THEN 'none' WHEN completed = 0 THEN 'begun'
            WHEN completed = count(*) FILTER (WHERE reported_status <> 'cancelled') THEN 'all_done' ELSE 'partly'
       END AS activity_state
FROM dim_recommendation AS r JOIN bridge_measure_recommendation AS b USING (recommendation_id)
JOIN activities AS a USING (measure_id)
WHERE a.duplicate_of IS NULL GROUP BY ALL ORDER BY 1
