-- One row per cited paragraph: what is planned for it, second prints left out. Whether it holds a recommendation: kind.
-- measures: Measures that cite it.
-- activities: Activities of these measures.
-- agencies: Agencies responsible for these activities.
-- dated: Of the activities, those with years stated.
-- first_year: Year in which the first of these activities begins.
-- last_year: Year in which the last of them ends.
SELECT r.recommendation_id, r.plan_id, r.recommendation_number, r.symbol, r.paragraph, r.kind,
       count(DISTINCT b.measure_id) AS measures,
       count(DISTINCT a.activity_id) AS activities, count(DISTINCT g.agency_id) AS agencies,
       count(DISTINCT a.activity_id) FILTER (WHERE a.timeframe = 'dated') AS dated,
       min(year(a.window_start)) AS first_year, max(year(a.window_end)) AS last_year
FROM dim_recommendation AS r JOIN bridge_measure_recommendation AS b USING (recommendation_id)
LEFT JOIN dim_activity AS a ON a.measure_id = b.measure_id AND a.duplicate_of IS NULL
LEFT JOIN bridge_activity_agency AS g ON g.activity_id = a.activity_id
GROUP BY ALL ORDER BY r.recommendation_id
