-- Every measure has at least one activity and answers to at least one recommendation.
SELECT measure_id AS place, 'the measure has no activity, or no recommendation' AS fault
FROM dim_measure
WHERE measure_id NOT IN (SELECT measure_id FROM dim_activity)
   OR measure_id NOT IN (SELECT measure_id FROM bridge_measure_recommendation)
ORDER BY measure_id
