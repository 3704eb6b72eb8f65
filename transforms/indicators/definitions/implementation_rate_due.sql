-- name: Implementation rate of what is due
-- definition: Of the activities due by the day of judgement, the share done.
-- numerator: of these, done
-- denominator: activities due
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- basis: reports
-- periods: AQ
-- source: OECD/SIGMA, Toolkit for the preparation, implementation, monitoring, reporting and evaluation of public
--   administration reform and sector strategies
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE is_due AND is_done) AS numerator,
       count(*) FILTER (WHERE is_due AND NOT is_cancelled) AS denominator,
       count(*) FILTER (WHERE is_due AND is_cancelled) AS excluded,
       count(*) FILTER (WHERE is_due AND NOT is_cancelled AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM judged
GROUP BY plan_id, agency_id, time_period, as_of
