-- One row per agency with activities: its own reporting, and the states of its activities as of the release, second prints left
-- out. Agencies share activities, so the rows do not add up to a total.
-- agency_id: dim_agency.agency_id
-- name: dim_agency.name
-- first_reported_on: Day of the agency's own first report; NULL where it has sent none.
-- last_reported_on: Day of the agency's own latest report, whatever others have reported on its activities; NULL where it has sent
-- none.
-- slots_due: Reports that were due from the agency: fact_reporting_slot with due_on <= as_of. Unit: reports.
-- slots_filled: Of slots_due, those that have arrived. Unit: reports.
-- slots_late: Of slots_filled, those that arrived after due_on. Unit: reports.
-- slots_missing: Of slots_due, those that have not arrived. Unit: reports.
-- rows_accepted: Rows of reports of the agency that were accepted and received by as_of. Unit: rows.
-- open_refusals: Rows of reports, and files, of the agency that were refused, and are open. Unit: rows.
SELECT s.* REPLACE (r.last_reported_on AS last_reported_on), r.first_reported_on,
       coalesce(d.slots_due, 0) AS slots_due, coalesce(d.slots_filled, 0) AS slots_filled,
       coalesce(d.slots_late, 0) AS slots_late, coalesce(d.slots_missing, 0) AS slots_missing,
       coalesce(r.rows_accepted, 0) AS rows_accepted, coalesce(j.open_refusals, 0) AS open_refusals
FROM (
    SELECT g.agency_id, g.abbreviation, g.name,
${indicators/status_counts}
    FROM dim_agency AS g JOIN bridge_activity_agency AS b USING (agency_id)
    JOIN activities AS a USING (activity_id)
    WHERE a.duplicate_of IS NULL GROUP BY ALL
) AS s
LEFT JOIN (
    SELECT agency_id, min(reported_on) AS first_reported_on, max(reported_on) AS last_reported_on, count(*) AS rows_accepted
    FROM fact_progress CROSS JOIN release WHERE coalesce(received_on, reported_on) <= as_of GROUP BY agency_id
) AS r USING (agency_id)
LEFT JOIN (
    SELECT agency_id, sum(slots_due)::BIGINT AS slots_due, sum(slots_on_time + slots_late)::BIGINT AS slots_filled,
           sum(slots_late)::BIGINT AS slots_late, sum(slots_missing)::BIGINT AS slots_missing
    FROM agency_reporting GROUP BY agency_id
) AS d USING (agency_id)
LEFT JOIN (SELECT agency_id, count(*) AS open_refusals FROM rejected_row WHERE state = 'open' GROUP BY agency_id) AS j USING (agency_id)
ORDER BY s.agency_id
