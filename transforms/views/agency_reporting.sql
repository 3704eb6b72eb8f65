-- One row per agency × year about which it is to report: its own reports as of the release. slots = slots_on_time + slots_late +
-- slots_missing + slots_to_come.
-- agency_id: dim_agency.agency_id
-- name: dim_agency.name
-- time_period: Year that the reports are to be about.
-- slots: Reports expected from the agency about the year, one an activity, or one an activity, unit and half-year. Unit: reports.
-- slots_due: Of slots, those with due_on <= as_of. Unit: reports.
-- slots_on_time: Of slots_due, those that arrived on due_on or before. Unit: reports.
-- slots_late: Of slots_due, those that arrived later. Unit: reports.
-- slots_missing: Of slots_due, those that have not arrived. Unit: reports.
-- slots_to_come: Of slots, those that are not due yet, arrived or not. Unit: reports.
-- first_reported_on: Day of the agency's first report about the year; NULL where there is none.
-- last_reported_on: Day of the agency's latest report about the year; NULL where there is none.
SELECT s.agency_id, g.abbreviation, g.name, s.time_period, s.slots, s.slots_due, s.slots_on_time, s.slots_late, s.slots_missing,
       s.slots - s.slots_due AS slots_to_come, p.first_reported_on, p.last_reported_on
FROM (
    SELECT agency_id, time_period[:4] AS time_period, count(*) AS slots, count(*) FILTER (WHERE due_on <= as_of) AS slots_due,
           count(*) FILTER (WHERE due_on <= as_of AND is_on_time) AS slots_on_time,
           count(*) FILTER (WHERE due_on <= as_of AND is_filled AND NOT is_on_time) AS slots_late,
           count(*) FILTER (WHERE due_on <= as_of AND NOT is_filled) AS slots_missing
    FROM fact_reporting_slot CROSS JOIN release GROUP BY agency_id, time_period[:4]
) AS s
JOIN dim_agency AS g ON g.agency_id = s.agency_id
LEFT JOIN (
    SELECT agency_id, time_period[:4] AS time_period, min(reported_on) AS first_reported_on, max(reported_on) AS last_reported_on
    FROM fact_progress CROSS JOIN release WHERE coalesce(received_on, reported_on) <= as_of GROUP BY agency_id, time_period[:4]
) AS p ON p.agency_id = s.agency_id AND p.time_period = s.time_period
ORDER BY s.agency_id, s.time_period
