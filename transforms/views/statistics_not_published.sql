-- One row per series that an activity is linked to and no data set has: what AOS would need to publish.
-- statistic_name: Name of the series.
-- activities: Activities linked to the series.
-- activity_ids: Their ids.
-- has_direct_link: Whether the series is the direct measure of one of them.
SELECT l.statistic_id, s.name AS statistic_name, s.code_list, s.sdg_indicator, count(*) AS activities,
       string_agg(l.activity_id, ', ' ORDER BY l.activity_id) AS activity_ids,
       bool_or(l.relevance = 'direct') AS has_direct_link
FROM bridge_activity_statistic AS l JOIN dim_statistic AS s USING (statistic_id)
WHERE l.statistic_id NOT IN (SELECT statistic_id FROM fact_statistic)
GROUP BY l.statistic_id, s.name, s.code_list, s.sdg_indicator
