-- One row per activity × agency or unit that last reported it cancelled, as known on $day, unless a decision has cancelled it
-- since: a claim, with its reason. Parameters: day.
SELECT r.activity_id, r.agency_id, r.reporting_unit, g.abbreviation, f.time_period, f.reported_on,
       f.result_text
FROM respondent_status_on([$day::DATE], $day::DATE) AS r
JOIN activity_status($day::DATE) AS s ON s.activity_id = r.activity_id AND s.cancellation_claims > 0
JOIN dim_agency AS g ON g.agency_id = r.agency_id
JOIN (
    FROM fact_progress
    WHERE status = 'cancelled' AND coalesce(received_on, reported_on) <= $day::DATE AND effective_on <= $day::DATE
    QUALIFY row_number() OVER (PARTITION BY activity_id, agency_id, reporting_unit
                               ORDER BY time_period DESC, reported_on DESC) = 1
) AS f ON f.activity_id = r.activity_id AND f.agency_id = r.agency_id AND f.reporting_unit = r.reporting_unit
WHERE r.claims_cancellation
ORDER BY r.activity_id, r.agency_id, r.reporting_unit
