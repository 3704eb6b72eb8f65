-- One row per activity × agency × unit × period about which a report is expected, as known at the day `known`: each
-- responsible agency that is no collective, or each of its units, for each year or half-year of the window, but for those
-- before which the activity was completed or cancelled. A report about the period fills the slot if it was made on or after
-- the opening day, or reports completed or cancelled; it is known from the day of its receipt, or else from its own.
-- parameters: known
WITH period AS MATERIALIZED (
    SELECT y.activity_id, p.plan_id, p.time_period, p.opens_on, p.due_on, t.start_date
    FROM fact_activity_year AS y
    JOIN dim_reporting_period AS p ON p.plan_id = y.plan_id AND p.time_period[:4] = y.time_period
    JOIN dim_time_period AS t ON t.time_period = p.time_period
),
ended AS MATERIALIZED (
    SELECT activity_id, as_of FROM activity_status_on((SELECT list(DISTINCT start_date - 1) FROM period), known)
    WHERE reported_status IN ('completed', 'cancelled')
),
slot AS MATERIALIZED (
    SELECT e.activity_id, b.agency_id, coalesce(u.reporting_unit, '_T') AS reporting_unit, e.time_period, e.plan_id,
           e.opens_on, e.due_on
    FROM period AS e
    JOIN dim_activity AS a ON a.activity_id = e.activity_id AND a.duplicate_of IS NULL
    JOIN bridge_activity_agency AS b ON b.activity_id = e.activity_id
    JOIN dim_agency AS g ON g.agency_id = b.agency_id AND NOT g.is_collective
    LEFT JOIN dim_reporting_unit AS u ON u.agency_id = b.agency_id
    ANTI JOIN ended AS x ON x.activity_id = e.activity_id AND x.as_of = e.start_date - 1
),
filled AS MATERIALIZED (
    SELECT s.activity_id, s.agency_id, s.reporting_unit, s.time_period,
           min(coalesce(p.received_on, p.reported_on)) AS filled_on,
           coalesce(min(p.received_on) > filled_on, true) AS is_self_dated
    FROM slot AS s
    JOIN fact_progress AS p
      ON p.activity_id = s.activity_id AND p.agency_id = s.agency_id AND p.reporting_unit = s.reporting_unit
     AND p.time_period = s.time_period
    WHERE coalesce(p.received_on, p.reported_on) <= known
      AND (p.reported_on >= s.opens_on OR p.status IN ('completed', 'cancelled'))
    GROUP BY s.activity_id, s.agency_id, s.reporting_unit, s.time_period
)
SELECT s.*, f.filled_on, f.is_self_dated, f.filled_on IS NOT NULL AS is_filled,
       coalesce(f.filled_on <= s.due_on, false) AS is_on_time
FROM slot AS s
LEFT JOIN filled AS f
  ON f.activity_id = s.activity_id AND f.agency_id = s.agency_id AND f.reporting_unit = s.reporting_unit
 AND f.time_period = s.time_period
