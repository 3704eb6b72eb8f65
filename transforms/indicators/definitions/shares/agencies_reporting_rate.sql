-- name: Agencies that reported, of those that were to
-- definition: Of the agencies of which a report fell due in the period, the share of which at least one of these reports
--   was received by now.
-- numerator: agencies, at least one of their reports received
-- denominator: agencies with a report due in the period
-- unit: percent
-- direction: higher_is_better
-- source: Adapted from DHIS2: reporting rate, of the units expected to report
-- version: 1
-- valid_from: 2026-11-30
SELECT plan_id, agency_id, time_period, as_of, is_expected AS in_scope, false AS is_excluded,
       bool_or(is_filled) AS in_numerator, NULL AS is_silent, NULL AS is_stale, NULL AS is_self_dated
FROM due_slot GROUP BY plan_id, agency_id, time_period, as_of, is_expected, slot_agency_id
