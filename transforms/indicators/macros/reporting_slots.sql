-- One row per activity × agency × year in which a report is expected, as known at the day `known`: each responsible agency
-- that is no collective, for each year of the window, but for years before which the activity was completed or cancelled.
-- A report about the year fills the slot if it was made on or after the opening day, or reports completed or cancelled.
-- parameters: known
WITH ended AS MATERIALIZED (
    SELECT activity_id, as_of
    FROM activity_status_on((SELECT list(DISTINCT make_date(time_period::INTEGER - 1, 12, 31)) FROM fact_activity_year), known)
    WHERE reported_status IN ('completed', 'cancelled')
),
slot AS MATERIALIZED (
    SELECT y.activity_id, b.agency_id, y.time_period, y.plan_id, y.report_opens_on AS opens_on, y.report_due_on AS due_on
    FROM fact_activity_year AS y
    JOIN dim_activity AS a ON a.activity_id = y.activity_id AND a.duplicate_of IS NULL
    JOIN bridge_activity_agency AS b ON b.activity_id = y.activity_id
    JOIN dim_agency AS g ON g.agency_id = b.agency_id AND NOT g.is_collective
    ANTI JOIN ended AS e ON e.activity_id = y.activity_id AND e.as_of = make_date(y.time_period::INTEGER - 1, 12, 31)
    WHERE y.report_opens_on IS NOT NULL
),
filled AS MATERIALIZED (
    SELECT s.activity_id, s.agency_id, s.time_period, min(p.reported_on) AS filled_on
    FROM slot AS s
    JOIN fact_progress AS p
      ON p.activity_id = s.activity_id AND p.agency_id = s.agency_id AND p.time_period = s.time_period
    WHERE p.reported_on <= known AND (p.reported_on >= s.opens_on OR p.status IN ('completed', 'cancelled'))
    GROUP BY s.activity_id, s.agency_id, s.time_period
)
SELECT s.*, f.filled_on, f.filled_on IS NOT NULL AS is_filled, coalesce(f.filled_on <= s.due_on, false) AS is_on_time
FROM slot AS s
LEFT JOIN filled AS f ON f.activity_id = s.activity_id AND f.agency_id = s.agency_id AND f.time_period = s.time_period
