-- name: Activities in force
-- definition: Activities whose window touches the period.
-- numerator: activities whose window touches the period
-- unit: activities
-- direction: neither
-- basis: plan
-- periods: AQ
-- version: 2
-- valid_from: 2026-11-30
SELECT plan_id, agency_id, time_period, as_of,
       count(*) FILTER (WHERE window_start <= end_date AND window_end >= start_date) AS numerator, numerator AS value
FROM judged GROUP BY plan_id, agency_id, time_period, as_of
