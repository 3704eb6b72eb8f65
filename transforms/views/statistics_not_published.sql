-- One row per series that is linked to an activity and that no data set has.
-- statistic_name: dim_statistic.name
-- code_list: dim_statistic.code_list
-- activities: Activities linked to the series. Unit: activities.
-- activity_ids: Ids of these activities, a comma and a blank between two.
-- has_direct_link: Whether the series measures what one of these activities is to change (relevance direct).
SELECT l.statistic_id, s.name AS statistic_name, s.code_list, s.sdg_indicator, count(*) AS activities,
       string_agg(l.activity_id, ', ' ORDER BY l.activity_id) AS activity_ids,
       bool_or(l.relevance = 'direct') AS has_direct_link
FROM bridge_activity_statistic AS l JOIN dim_statistic AS s USING (statistic_id)
WHERE l.statistic_id NOT IN (SELECT statistic_id FROM fact_statistic)
GROUP BY l.statistic_id, s.name, s.code_list, s.sdg_indicator
