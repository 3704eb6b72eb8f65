-- One row per plan: a digest of all rows from which its indicators are computed, for any one day.
-- The periods depend on the first and the last day of all plans, and how far decisions move the latter; the reporting slots, on these rows and the day.
WITH digest AS (
    SELECT plan_id, hash('dim_activity', t) AS one, hash(t, 'dim_activity') AS other FROM dim_activity AS t
    UNION ALL SELECT plan_id, hash('fact_activity_year', t), hash(t, 'fact_activity_year') FROM fact_activity_year AS t
    UNION ALL SELECT plan_id, hash('dim_reporting_period', t), hash(t, 'dim_reporting_period')
    FROM dim_reporting_period AS t
    UNION ALL SELECT DISTINCT a.plan_id, hash('dim_reporting_unit', t), hash(t, 'dim_reporting_unit')
    FROM dim_reporting_unit AS t JOIN bridge_activity_agency AS b ON b.agency_id = t.agency_id
    JOIN dim_activity AS a ON a.activity_id = b.activity_id
    UNION ALL SELECT a.plan_id, hash('fact_progress', t), hash(t, 'fact_progress')
    FROM fact_progress AS t JOIN dim_activity AS a ON a.activity_id = t.activity_id
    UNION ALL SELECT a.plan_id, hash('bridge_activity_agency', t), hash(t, 'bridge_activity_agency')
    FROM bridge_activity_agency AS t JOIN dim_activity AS a ON a.activity_id = t.activity_id
    UNION ALL SELECT a.plan_id, hash('activity_decision', t), hash(t, 'activity_decision')
    FROM activity_decision AS t JOIN dim_activity AS a ON a.activity_id = t.activity_id
    UNION ALL SELECT DISTINCT a.plan_id, hash('dim_agency', t), hash(t, 'dim_agency')
    FROM dim_agency AS t JOIN bridge_activity_agency AS b ON b.agency_id = t.agency_id
    JOIN dim_activity AS a ON a.activity_id = b.activity_id
    UNION ALL SELECT DISTINCT a.plan_id, hash('bridge_measure_recommendation', t), hash(t, 'bridge_measure_recommendation')
    FROM bridge_measure_recommendation AS t JOIN dim_activity AS a ON a.measure_id = t.measure_id
    UNION ALL SELECT p.plan_id, hash('dim_plan', t), hash(t, 'dim_plan')
    FROM dim_plan AS p
    CROSS JOIN (
        SELECT min(start_date) AS first_day, max(end_date) AS last_day,
               (SELECT string_agg(decided_on || ' ' || new_end, ',' ORDER BY decided_on, new_end) FROM activity_decision) AS new_ends
        FROM dim_plan
    ) AS t
)
SELECT plan_id, count(*) || ' ' || sum(one) || ' ' || bit_xor(other) AS inputs
FROM digest GROUP BY plan_id ORDER BY plan_id
