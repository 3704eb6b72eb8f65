-- name: Median delay (deprecated)
-- definition: Deprecated: it mixes what is done late with what is still open; read MEDIAN_LATE_COMPLETION_DAYS and
--   BACKLOG_AGE_* instead. Median of the days from the end of the window to completion or, where an activity reported on is not
--   done, to the day of judgement.
-- denominator: dated activities past their window, done late, or reported on and not done
-- exclusions: activities cancelled as at the day of judgement; activities past their window without evidence, or
--   done of which no day of completion is reported
-- unit: days
-- direction: lower_is_better
-- basis: reports
-- periods: AQ
-- version: 2
-- valid_from: 2026-11-30
SELECT plan_id, agency_id, time_period, as_of, count(delay_days) AS denominator,
       count(*) FILTER (WHERE is_past AND (is_cancelled OR is_silent OR (is_done AND completed_on IS NULL))) AS excluded,
       0 AS without_evidence, count(delay_days) FILTER (WHERE is_stale) AS stale, median(delay_days) AS value
FROM (
    SELECT *, is_dated AND window_end < as_of AS is_past,
           CASE WHEN NOT is_past OR is_cancelled OR is_silent THEN NULL
                WHEN NOT is_done THEN datediff('day', window_end, as_of)
                WHEN completed_on > window_end THEN datediff('day', window_end, completed_on) END AS delay_days
    FROM judged
)
GROUP BY plan_id, agency_id, time_period, as_of
