-- name: Implementation rate of the year
-- definition: Of the dated activities due in the year, the share done by its end.
-- numerator: of these, done
-- denominator: dated activities whose window ends in the year
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- basis: reports
-- periods: A
-- source: OECD/SIGMA, Toolkit for the preparation, implementation, monitoring, reporting and evaluation of public
--   administration reform and sector strategies
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE is_done AND is_due_in_period) AS numerator,
       count(*) FILTER (WHERE is_due_in_period AND NOT is_cancelled) AS denominator,
       count(*) FILTER (WHERE is_due_in_period AND is_cancelled) AS excluded,
       count(*) FILTER (WHERE is_due_in_period AND NOT is_cancelled AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM judged
WHERE is_whole_year
GROUP BY plan_id, agency_id, time_period, as_of
