-- One row per plan: the SHA-256 of all rows from which its indicators are computed, for any one day.
-- The periods depend on the first and the last day of all plans.
WITH part AS (
    SELECT plan_id, 'dim_activity' AS name, to_json(t)::VARCHAR AS content FROM dim_activity AS t
    UNION ALL
    SELECT plan_id, 'fact_activity_year', to_json(t)::VARCHAR FROM fact_activity_year AS t
    UNION ALL
    SELECT plan_id, 'fact_reporting_slot', to_json(t)::VARCHAR FROM fact_reporting_slot AS t
    UNION ALL
    SELECT a.plan_id, 'fact_progress', to_json(t)::VARCHAR
    FROM fact_progress AS t
    JOIN dim_activity AS a ON a.activity_id = t.activity_id
    UNION ALL
    SELECT a.plan_id, 'bridge_activity_agency', to_json(t)::VARCHAR
    FROM bridge_activity_agency AS t
    JOIN dim_activity AS a ON a.activity_id = t.activity_id
    UNION ALL
    SELECT DISTINCT a.plan_id, 'dim_agency', to_json(t)::VARCHAR
    FROM dim_agency AS t
    JOIN bridge_activity_agency AS b ON b.agency_id = t.agency_id
    JOIN dim_activity AS a ON a.activity_id = b.activity_id
    UNION ALL
    SELECT DISTINCT a.plan_id, 'bridge_measure_recommendation', to_json(t)::VARCHAR
    FROM bridge_measure_recommendation AS t
    JOIN dim_activity AS a ON a.measure_id = t.measure_id
    UNION ALL
    SELECT plan_id, 'dim_plan', to_json([(SELECT min(start_date) FROM dim_plan), (SELECT max(end_date) FROM dim_plan)])::VARCHAR
    FROM dim_plan
)
SELECT plan_id, sha256(string_agg(digest, '' ORDER BY digest)) AS inputs
FROM (SELECT plan_id, sha256(name || content) AS digest FROM part)
GROUP BY plan_id
ORDER BY plan_id
