-- name: Share of status no evidence
-- definition: Of the activities begun, the share whose status is no evidence. The shares of all statuses sum to
--   100.
-- numerator: of these, with status no evidence
-- denominator: activities begun
-- unit: percent
-- direction: neither
-- basis: reports
-- periods: AQ
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE is_begun AND status = 'no_evidence') AS numerator,
       count(*) FILTER (WHERE is_begun) AS denominator,
       count(*) FILTER (WHERE false) AS excluded,
       count(*) FILTER (WHERE is_begun AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM judged
GROUP BY plan_id, agency_id, time_period, as_of
