-- name: Completion rate
-- definition: Of all dated activities, due or not, the share done.
-- numerator: of these, done
-- denominator: dated activities
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
       count(*) FILTER (WHERE is_dated AND is_done) AS numerator,
       count(*) FILTER (WHERE is_dated AND NOT is_cancelled) AS denominator,
       count(*) FILTER (WHERE is_dated AND is_cancelled) AS excluded,
       count(*) FILTER (WHERE is_dated AND NOT is_cancelled AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM judged
GROUP BY plan_id, agency_id, time_period, as_of
