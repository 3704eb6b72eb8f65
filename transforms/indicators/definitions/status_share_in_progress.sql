-- name: Share of status in progress
-- definition: Of the activities begun, the share whose status is in progress. The shares of all statuses sum to
--   100.
-- numerator: of these, with status in progress
-- denominator: activities begun
-- unit: percent
-- direction: neither
-- basis: reports
-- periods: AQ
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE is_begun AND status = 'in_progress') AS numerator,
       count(*) FILTER (WHERE is_begun) AS denominator,
       count(*) FILTER (WHERE false) AS excluded,
       count(*) FILTER (WHERE is_begun AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM judged
GROUP BY plan_id, agency_id, time_period, as_of
