-- name: Late completion rate
-- definition: Of the activities due, the share completed after the end of its window.
-- numerator: of these, completed after the end of its window
-- denominator: activities due
-- exclusions: activities cancelled as at the day of judgement; activities done of which no day of completion is
--   reported
-- unit: percent
-- direction: lower_is_better
-- basis: reports
-- periods: AQ
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE is_due AND is_done AND completed_on > window_end) AS numerator,
       count(*) FILTER (WHERE is_due AND NOT is_cancelled AND NOT (is_done AND completed_on IS NULL)) AS denominator,
       count(*) FILTER (WHERE is_due AND (is_cancelled OR (is_done AND completed_on IS NULL))) AS excluded,
       count(*) FILTER (WHERE is_due AND NOT is_cancelled AND NOT (is_done AND completed_on IS NULL) AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM judged
GROUP BY plan_id, agency_id, time_period, as_of
