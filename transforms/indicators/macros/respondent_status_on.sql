-- One row per activity × agency × reporting unit × day of `days`: what this respondent last reported, as at the end of that
-- day, by the reports received by `known`. Its own report that counts is, of those in effect by the day that are no claim of
-- cancellation, the one about the latest period, then the one made last; without one its status is no_evidence. is_counted:
-- whether it answers for the activity; the lead does, or without one all that are no collective, or else the collectives.
-- Second prints have no rows.
-- parameters: days, known
WITH asked AS MATERIALIZED (SELECT unnest(list_distinct(days::DATE[])) AS asked_on),
respondent AS MATERIALIZED (
    SELECT b.activity_id, b.agency_id, coalesce(u.reporting_unit, '_T') AS reporting_unit,
           CASE WHEN bool_or(b.is_lead) OVER of_activity THEN b.is_lead
                ELSE NOT g.is_collective OR bool_and(g.is_collective) OVER of_activity END AS is_counted
    FROM bridge_activity_agency AS b JOIN dim_agency AS g ON g.agency_id = b.agency_id
    JOIN dim_activity AS a ON a.activity_id = b.activity_id AND a.duplicate_of IS NULL
    LEFT JOIN dim_reporting_unit AS u ON u.agency_id = b.agency_id
    WINDOW of_activity AS (PARTITION BY b.activity_id)
),
-- `stamp` orders the reports of a respondent, and names one: period and day of report. 2019-S2 comes after 2019-S1.
report AS NOT MATERIALIZED (
    SELECT *, (time_period[:4]::BIGINT * 10 + coalesce(try_cast(time_period[7:] AS BIGINT), 0)) * 10000000
              + datediff('day', DATE '1900-01-01', reported_on) AS stamp
    FROM fact_progress WHERE coalesce(received_on, reported_on) <= known::DATE
),
-- A report first counts on the first day asked for that is not before it took effect; from there on it may be outdone.
day_of AS MATERIALIZED (
    SELECT e.effective_on, d.asked_on
    FROM (SELECT DISTINCT effective_on FROM fact_progress) AS e
    ASOF JOIN asked AS d ON e.effective_on <= d.asked_on
),
first_counts AS MATERIALIZED (
    SELECT r.activity_id, r.agency_id, r.reporting_unit, d.asked_on, max(r.reported_on) AS last_reported_on,
           max(r.stamp) FILTER (WHERE r.status <> 'cancelled') AS stamp, max(r.stamp) AS any_stamp
    FROM report AS r JOIN day_of AS d ON d.effective_on = r.effective_on
    GROUP BY r.activity_id, r.agency_id, r.reporting_unit, d.asked_on
),
latest AS MATERIALIZED (
    SELECT d.asked_on, f.activity_id, f.agency_id, f.reporting_unit, max(f.last_reported_on) AS last_reported_on,
           max(f.stamp) AS stamp, max(f.any_stamp) AS any_stamp
    FROM asked AS d JOIN first_counts AS f ON f.asked_on <= d.asked_on
    GROUP BY d.asked_on, f.activity_id, f.agency_id, f.reporting_unit
)
SELECT s.activity_id, s.agency_id, s.reporting_unit, d.asked_on AS judged_on, s.is_counted,
       coalesce(r.status, 'no_evidence') AS reported_status, r.time_period, r.reported_on, r.effective_on,
       r.percent_complete, r.completed_on, coalesce(l.any_stamp > coalesce(l.stamp, 0), false) AS claims_cancellation,
       l.last_reported_on
FROM respondent AS s CROSS JOIN asked AS d
LEFT JOIN latest AS l ON l.activity_id = s.activity_id AND l.agency_id = s.agency_id
  AND l.reporting_unit = s.reporting_unit AND l.asked_on = d.asked_on
LEFT JOIN report AS r ON r.activity_id = l.activity_id AND r.agency_id = l.agency_id
  AND r.reporting_unit = l.reporting_unit AND r.stamp = l.stamp
