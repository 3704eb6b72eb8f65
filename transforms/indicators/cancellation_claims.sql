-- One row per agency or unit that says on $day that an activity is cancelled, which no decision has cancelled: its latest report
-- that says so, and why. Parameters: day.
SELECT r.activity_id, r.agency_id, r.reporting_unit, concat_ws(' ', g.abbreviation, u.name) AS name, f.time_period,
       f.reported_on, f.result_text AS reason
FROM respondent_status_on([$day::DATE], $day::DATE) AS r
JOIN activity_status($day::DATE) AS s ON s.activity_id = r.activity_id AND s.cancellation_claims > 0
JOIN dim_agency AS g ON g.agency_id = r.agency_id
LEFT JOIN dim_reporting_unit AS u ON u.agency_id = r.agency_id AND u.reporting_unit = r.reporting_unit
JOIN fact_progress AS f
  ON (f.activity_id, f.agency_id, f.reporting_unit) = (r.activity_id, r.agency_id, r.reporting_unit)
 AND f.status = 'cancelled' AND f.effective_on <= $day::DATE AND coalesce(f.received_on, f.reported_on) <= $day::DATE
WHERE r.claims_cancellation
QUALIFY row_number() OVER (PARTITION BY r.activity_id, r.agency_id, r.reporting_unit
                           ORDER BY f.time_period DESC, f.reported_on DESC) = 1
ORDER BY r.activity_id, r.agency_id, r.reporting_unit
