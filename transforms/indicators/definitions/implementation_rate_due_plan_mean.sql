-- name: Mean implementation rate of the plans
-- definition: Unweighted mean of IMPLEMENTATION_RATE_DUE over the plans that have one: each plan counts the same,
--   however long.
-- denominator: plans with an implementation rate of what is due
-- unit: percent
-- direction: higher_is_better
-- basis: reports
-- periods: AQ
-- source: Adapted from OECD/SIGMA, Toolkit for the preparation, implementation, monitoring, reporting and evaluation of public
--   administration reform and sector strategies
-- version: 2
-- valid_from: 2026-11-30
SELECT '_T' AS plan_id, agency_id, time_period, as_of, count(rate) AS denominator, avg(rate ORDER BY plan_id) AS value
FROM (
    SELECT a.plan_id, j.agency_id, j.time_period, j.as_of,
           100 * count(*) FILTER (WHERE is_due AND is_done) / nullif(count(*) FILTER (WHERE is_due AND NOT is_cancelled), 0) AS rate
    FROM judged AS j JOIN dim_activity AS a ON a.activity_id = j.activity_id
    WHERE j.plan_id = '_T' GROUP BY a.plan_id, j.agency_id, j.time_period, j.as_of
)
GROUP BY agency_id, time_period, as_of
