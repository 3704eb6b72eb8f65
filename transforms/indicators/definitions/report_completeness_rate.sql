-- name: Completeness of items in accepted reports
-- definition: Of the items that the accepted reports of the period should have, the share filled in: percentage and result in
--   each report, evidence in one of completion or delivery, the day of completion in one of completion. A report belongs to
--   the period in which it was received, or made where no day of receipt is registered.
-- numerator: items filled in
-- denominator: items that the accepted reports should have
-- unit: percent
-- direction: higher_is_better
-- source: Adapted from the WHO data quality review: completeness of indicator data
-- basis: reports
-- periods: AQ
-- version: 1
-- valid_from: 2026-11-30
SELECT g.plan_id, g.agency_id, g.time_period, g.as_of, coalesce(i.filled, 0) AS numerator, coalesce(i.items, 0) AS denominator,
       0 AS excluded, 100 * numerator / nullif(denominator, 0) AS value
FROM (SELECT DISTINCT plan_id, agency_id, time_period, as_of FROM judged) AS g
LEFT JOIN report_item AS i ON i.plan_id = g.plan_id AND i.agency_id = g.agency_id AND i.time_period = g.time_period
