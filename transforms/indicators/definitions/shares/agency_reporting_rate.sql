-- name: Reports received of those expected from each agency (completeness of items)
-- definition: Of the reports that each agency was to make on each of its activities and that fell due in the period, the
--   share received by now, late ones too. It adds up over agencies; an agency's row is its REPORTING_RATE.
-- numerator: expected reports of agencies received
-- denominator: reports of agencies due in the period, one an activity, agency and year
-- unit: percent
-- direction: higher_is_better
-- source: Adapted from the WHO and DHIS2 data quality review: completeness of reporting
-- version: 1
-- valid_from: 2026-11-30
SELECT * REPLACE (NULL::BOOLEAN AS is_self_dated), is_expected AS in_scope, false AS is_excluded, is_filled AS in_numerator
FROM due_slot
