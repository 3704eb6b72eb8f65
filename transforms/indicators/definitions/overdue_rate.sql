-- name: Overdue rate
-- definition: Of the activities due, the share not known to be done; silence is no proof that they are not: see
--   without_evidence.
-- numerator: of these, not known to be done
-- denominator: activities due
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: lower_is_better
-- basis: reports
-- periods: AQ
-- source: IMPACT OSS: overdue actions
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE is_due AND NOT is_done AND NOT is_cancelled) AS numerator,
       count(*) FILTER (WHERE is_due AND NOT is_cancelled) AS denominator,
       count(*) FILTER (WHERE is_due AND is_cancelled) AS excluded,
       count(*) FILTER (WHERE is_due AND NOT is_cancelled AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM judged
GROUP BY plan_id, agency_id, time_period, as_of
