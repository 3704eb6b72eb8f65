-- name: High completion rate of what is reported
-- definition: Of the dated activities reported on, the share completed or substantially completed. Silent
--   activities are not in it: read it beside NO_EVIDENCE_RATE.
-- numerator: of these, completed or substantially completed
-- denominator: dated activities reported on
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- basis: reports
-- periods: AQ
-- source: Open Government Partnership, Independent Reporting Mechanism: completion of commitments
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE is_dated AND status IN ('completed', 'substantially_completed')) AS numerator,
       count(*) FILTER (WHERE is_dated AND NOT is_cancelled AND NOT is_silent) AS denominator,
       count(*) FILTER (WHERE is_dated AND is_cancelled) AS excluded,
       count(*) FILTER (WHERE is_dated AND NOT is_cancelled AND NOT is_silent AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM judged
GROUP BY plan_id, agency_id, time_period, as_of
