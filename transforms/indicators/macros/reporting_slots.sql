-- One row per activity × agency × unit × period about which a report is expected, as known at the day `known`: each
-- responsible agency that is no collective, or each of its units, for each year or half-year of the window. There is none for
-- a period before which it had reported its own completion, or a decision had cancelled the activity; and none of a window
-- that a decision extends, if it was due before that decision. A report about the period fills the slot if it was made on or
-- after the opening day, or reports completed or cancelled; it is known from the day of its receipt, or else from its own.
-- parameters: known
WITH period AS MATERIALIZED (
    SELECT p.plan_id, p.time_period, p.opens_on, p.due_on, t.start_date, t.end_date
    FROM dim_reporting_period AS p JOIN dim_time_period AS t ON t.time_period = p.time_period
),
decided AS MATERIALIZED (FROM activity_decision WHERE decided_on <= known::DATE),
-- `expected`: one row per activity × period of its window, as the plan has it or a decision extends it.
expected AS MATERIALIZED (
    SELECT a.activity_id, p.*
    FROM dim_activity AS a
    JOIN period AS p ON p.plan_id = a.plan_id AND p.start_date <= a.window_end AND p.end_date >= a.window_start
    WHERE a.duplicate_of IS NULL
    UNION ALL
    SELECT DISTINCT a.activity_id, p.*
    FROM dim_activity AS a JOIN decided AS x ON x.activity_id = a.activity_id
    JOIN period AS p ON p.plan_id = a.plan_id AND p.start_date > a.window_end AND p.start_date <= x.new_end
    WHERE x.decided_on <= p.due_on
),
completed AS MATERIALIZED (
    SELECT activity_id, agency_id, reporting_unit, judged_on
    FROM respondent_status_on((SELECT list(DISTINCT start_date - 1) FROM period), known)
    WHERE reported_status = 'completed'
),
slot AS MATERIALIZED (
    SELECT e.activity_id, b.agency_id, coalesce(u.reporting_unit, '_T') AS reporting_unit, e.time_period, e.plan_id,
           e.opens_on, e.due_on, e.start_date - 1 AS day_before
    FROM expected AS e
    JOIN bridge_activity_agency AS b ON b.activity_id = e.activity_id
    JOIN dim_agency AS g ON g.agency_id = b.agency_id AND NOT g.is_collective
    LEFT JOIN dim_reporting_unit AS u ON u.agency_id = b.agency_id
    ANTI JOIN decided AS x ON x.activity_id = e.activity_id AND x.decision_kind = 'cancelled' AND x.decided_on < e.start_date
),
open_slot AS MATERIALIZED (
    SELECT s.* EXCLUDE (day_before)
    FROM slot AS s
    ANTI JOIN completed AS c ON c.activity_id = s.activity_id AND c.agency_id = s.agency_id
      AND c.reporting_unit = s.reporting_unit AND c.judged_on = s.day_before
),
filled AS MATERIALIZED (
    SELECT s.activity_id, s.agency_id, s.reporting_unit, s.time_period,
           min(coalesce(p.received_on, p.reported_on)) AS filled_on,
           coalesce(min(p.received_on) > filled_on, true) AS is_self_dated
    FROM open_slot AS s
    JOIN fact_progress AS p
      ON p.activity_id = s.activity_id AND p.agency_id = s.agency_id AND p.reporting_unit = s.reporting_unit
     AND p.time_period = s.time_period
    WHERE coalesce(p.received_on, p.reported_on) <= known
      AND (p.reported_on >= s.opens_on OR p.status IN ('completed', 'cancelled'))
    GROUP BY s.activity_id, s.agency_id, s.reporting_unit, s.time_period
)
SELECT s.*, f.filled_on, f.is_self_dated, f.filled_on IS NOT NULL AS is_filled,
       coalesce(f.filled_on <= s.due_on, false) AS is_on_time
FROM open_slot AS s
LEFT JOIN filled AS f
  ON f.activity_id = s.activity_id AND f.agency_id = s.agency_id AND f.reporting_unit = s.reporting_unit
 AND f.time_period = s.time_period
