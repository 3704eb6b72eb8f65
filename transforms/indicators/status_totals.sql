-- One row: the number of activities, by state as at $as_of, of second prints, which are not among them, of reports on the
-- activities received by then, of any agency, and of rows that were refused, if $as_of is the as_of of the release.
-- Parameters as in status.sql.
WITH asked AS (
    FROM dim_activity
    WHERE ($plan_id IS NULL OR plan_id = $plan_id)
      AND ($agency_id IS NULL
           OR activity_id IN (SELECT activity_id FROM bridge_activity_agency WHERE agency_id = $agency_id))
)
SELECT (SELECT count(duplicate_of) FROM asked) AS second_prints, count(*) FILTER (WHERE a.timeframe = 'dated') AS dated,
${indicators/status_counts},
       coalesce(sum(r.reports), 0) AS reports,
       (SELECT count(*) FROM rejected_row, release
        WHERE release.as_of = $as_of::DATE AND $plan_id IS NULL
          AND ($agency_id IS NULL OR agency_id = $agency_id)) AS rejected
FROM activity_status($as_of::DATE) AS s JOIN asked AS a ON a.activity_id = s.activity_id
LEFT JOIN (
    SELECT activity_id, count(*) AS reports FROM fact_progress
    WHERE coalesce(received_on, reported_on) <= $as_of::DATE GROUP BY activity_id
) AS r ON r.activity_id = a.activity_id
WHERE a.duplicate_of IS NULL
