-- One row per activity whose agencies contradict one another on $day in a way that changes a count × agency or unit that has
-- reported on it: what it last said. Parameters: day.
SELECT r.activity_id, r.agency_id, r.reporting_unit, g.abbreviation,
       r.reported_status AS status, r.reported_on, r.time_period
FROM respondent_status_on([$day::DATE], $day::DATE) AS r
JOIN activity_status($day::DATE) AS s ON s.activity_id = r.activity_id AND s.agencies_disagree
JOIN dim_agency AS g ON g.agency_id = r.agency_id
WHERE r.is_counted AND r.reported_status <> 'no_evidence'
ORDER BY r.activity_id, r.agency_id, r.reporting_unit
