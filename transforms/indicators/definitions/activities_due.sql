-- name: Activities due
-- definition: Dated activities whose window has ended by the day of judgement.
-- numerator: activities due
-- unit: activities
-- direction: neither
-- basis: plan
-- periods: AQ
-- version: 2
-- valid_from: 2026-11-30
SELECT plan_id, agency_id, time_period, as_of, count(*) FILTER (WHERE is_due) AS numerator, numerator AS value
FROM judged GROUP BY plan_id, agency_id, time_period, as_of
