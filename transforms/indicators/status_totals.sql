-- One row: the number of activities of `asked` (status_asked.sql), by state, of second prints, which are not among them, of reports
-- on the activities received by $as_of, of any agency, and of refused rows that are open, if $as_of is the as_of of the release,
-- with all rows read.
-- Parameters as in status_asked.sql.
SELECT count(*) FILTER (WHERE timeframe = 'dated') AS dated, (SELECT count(duplicate_of) FROM asked) AS second_prints,
${indicators/status_counts},
       (SELECT count(*) FROM fact_progress
        WHERE coalesce(received_on, reported_on) <= $as_of::DATE
          AND activity_id IN (SELECT activity_id FROM asked)) AS reports,
       (SELECT count(*) FROM rejected_row, release
        WHERE state = 'open' AND release.as_of = $as_of::DATE AND $plan_id IS NULL
          AND ($agency_id IS NULL OR agency_id = $agency_id)) AS rejected,
       (SELECT sum(rows_read - rows_blank) FROM dim_progress_file WHERE $agency_id IS NULL) AS rows_read
FROM asked WHERE duplicate_of IS NULL
