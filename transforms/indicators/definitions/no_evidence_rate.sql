-- name: Share without evidence
-- definition: Of the activities begun, the share on which nothing is reported.
-- numerator: activities begun, nothing reported
-- denominator: activities begun
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: lower_is_better
-- basis: reports
-- periods: AQ
-- source: Open Government Partnership, Independent Reporting Mechanism: completion of commitments, no evidence
--   available
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE is_begun AND is_silent) AS numerator,
       count(*) FILTER (WHERE is_begun AND NOT is_cancelled) AS denominator,
       count(*) FILTER (WHERE is_begun AND is_cancelled) AS excluded,
       count(*) FILTER (WHERE is_begun AND NOT is_cancelled AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM judged
GROUP BY plan_id, agency_id, time_period, as_of
