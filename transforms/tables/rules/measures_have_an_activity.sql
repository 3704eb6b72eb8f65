-- Every measure has at least one activity and cites at least one paragraph.
SELECT measure_id AS place, 'the measure has no activity, or cites no paragraph' AS fault
FROM dim_measure
WHERE measure_id NOT IN (SELECT measure_id FROM dim_activity)
   OR measure_id NOT IN (SELECT measure_id FROM bridge_measure_recommendation)
ORDER BY measure_id
