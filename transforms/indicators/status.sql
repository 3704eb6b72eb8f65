-- One row per agency from which a report is missing as at $as_of, then one per activity that asks for attention: its agencies
-- contradict one another, one of them says that it is cancelled, it is overdue, due within 90 days, its last report is
-- awaited, or it has begun and is without a report for a year. The first two may have another row. `asked` is what status_asked.sql
-- gives, `slots` the reporting slots as known on that day. Parameters: as_of, agency_id, plan_id (NULL: all).
WITH slot AS (
    SELECT s.agency_id, s.time_period, s.is_filled FROM ${slots} AS s
    WHERE s.due_on <= $as_of::DATE
      AND ($agency_id IS NULL OR s.agency_id = $agency_id) AND ($plan_id IS NULL OR s.plan_id = $plan_id)
),
silent AS (
    SELECT agency_id, count(*) AS reports_due, count(*) FILTER (WHERE NOT is_filled) AS reports_missing,
           list(DISTINCT time_period ORDER BY time_period) FILTER (WHERE NOT is_filled) AS missing_about
    FROM slot GROUP BY agency_id HAVING reports_missing > 0
),
last_report AS (
    SELECT agency_id, max(reported_on) AS last_reported_on
    FROM fact_progress WHERE coalesce(received_on, reported_on) <= $as_of::DATE GROUP BY agency_id
),
activity AS MATERIALIZED (
    SELECT activity_id, as_of, is_overdue, days_overdue, timing, agencies_disagree, cancellation_claims, window_start,
           window_end_in_effect AS window_end, timeframe, is_awaiting_report, reported_status, last_reported_on, agencies,
           activity_text, reported_status NOT IN ('completed', 'cancelled') AS is_open,
           is_open AND timeframe = 'dated' AND window_end_in_effect BETWEEN as_of AND as_of + 90 AS is_due_soon
    FROM asked WHERE duplicate_of IS NULL
)
SELECT attention, activity_id, days_overdue, window_end, timeframe, reported_status, last_reported_on, agencies, activity_text,
       agency_id, agency_name, reports_missing, reports_due, missing_about
FROM (
    SELECT 1 AS place, 'has not reported' AS attention, r.last_reported_on, [g.abbreviation] AS agencies, s.agency_id,
           g.name AS agency_name, s.reports_missing, s.reports_due, s.missing_about
    FROM silent AS s JOIN dim_agency AS g ON g.agency_id = s.agency_id
    LEFT JOIN last_report AS r ON r.agency_id = s.agency_id
    UNION ALL BY NAME SELECT 2 AS place, 'agencies disagree' AS attention, * FROM activity WHERE agencies_disagree
    UNION ALL BY NAME SELECT 3 AS place, 'cancellation claimed' AS attention, * FROM activity WHERE cancellation_claims > 0
    UNION ALL BY NAME SELECT 4 AS place, 'overdue' AS attention, * FROM activity WHERE is_overdue
    UNION ALL BY NAME SELECT 5 AS place, 'due within 90 days' AS attention, * FROM activity WHERE is_due_soon
    UNION ALL BY NAME SELECT 6 AS place, 'report awaited' AS attention, * FROM activity WHERE is_awaiting_report
    UNION ALL BY NAME SELECT 7 AS place, 'not reported for a year' AS attention, * FROM activity
    WHERE is_open AND NOT coalesce(is_overdue, false) AND NOT is_due_soon AND NOT is_awaiting_report AND timing <> 'upcoming'
      AND coalesce(last_reported_on, window_start) < as_of - INTERVAL 1 YEAR
)
ORDER BY place, reports_missing DESC, window_end, activity_id, agency_id
