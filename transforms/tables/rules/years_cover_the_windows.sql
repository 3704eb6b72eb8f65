-- fact_activity_year has each year of an activity's window once, one of them the first and one the year due.
SELECT activity_id AS place, 'the years of the window are not all there' AS fault
FROM dim_activity AS a LEFT JOIN fact_activity_year AS y USING (activity_id)
GROUP BY activity_id, window_start, window_end
HAVING count(y.time_period) <> year(window_end) - year(window_start) + 1
    OR count(*) FILTER (WHERE y.is_first_year <> (y.time_period = year(window_start)::VARCHAR)) > 0
    OR count(*) FILTER (WHERE y.is_due_year <> (y.time_period = year(window_end)::VARCHAR)) > 0
    OR count(*) FILTER (WHERE y.time_period NOT BETWEEN year(window_start)::VARCHAR AND year(window_end)::VARCHAR) > 0
ORDER BY activity_id
