-- One row per activity without official figures: no series is linked to it, or no data set has those that are. Second
-- prints are left out.
-- plan_id: dim_plan.plan_id
-- linked_series: Codes of the series linked to the activity, a comma and a blank between two; NULL where none is.
-- gap: no_series: none is linked; not_published: those linked are in no data set.
SELECT a.activity_id, a.plan_id, a.measure_id, a.activity_text,
       string_agg(l.statistic_id, ', ' ORDER BY l.statistic_id) AS linked_series,
       CASE WHEN count(l.statistic_id) = 0 THEN 'no_series' ELSE 'not_published' END AS gap
FROM dim_activity AS a LEFT JOIN bridge_activity_statistic AS l USING (activity_id)
WHERE a.duplicate_of IS NULL GROUP BY a.activity_id, a.plan_id, a.measure_id, a.activity_text
HAVING count(*) FILTER (l.statistic_id IN (SELECT statistic_id FROM fact_statistic)) = 0
