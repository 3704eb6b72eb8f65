-- name: Median lateness of late completions
-- definition: Median of the days from the end of the window to the day of completion, of the activities due that were
--   completed later. It is biased low, because those that are still open after a long time are not in it: never call it
--   the delay of the plan, and publish the number of activities with it.
-- denominator: activities due, completed after the end of the window
-- exclusions: activities due and done, of which no day of completion is reported
-- unit: days
-- direction: lower_is_better
-- basis: reports
-- periods: AQ
-- version: 1
-- valid_from: 2026-11-30
SELECT plan_id, agency_id, time_period, as_of, count(*) FILTER (WHERE is_late) AS denominator,
       count(*) FILTER (WHERE is_due AND is_done AND completed_on IS NULL) AS excluded, 0 AS without_evidence,
       count(*) FILTER (WHERE is_late AND is_stale) AS stale,
       median(datediff('day', window_end, completed_on)) FILTER (WHERE is_late) AS value
FROM (SELECT *, is_due AND is_done AND completed_on > window_end AS is_late FROM judged)
GROUP BY plan_id, agency_id, time_period, as_of
