-- The activities of a measure are numbered 1 … n.
SELECT measure_id AS place,
       'activities are numbered ' || list(activity_number ORDER BY activity_number)::VARCHAR AS fault
FROM dim_activity
GROUP BY measure_id HAVING max(activity_number) <> count(*) OR count(DISTINCT activity_number) <> count(*)
ORDER BY measure_id
