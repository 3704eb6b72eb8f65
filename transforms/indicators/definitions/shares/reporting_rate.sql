-- name: Activities on which at least one agency reported, of those to be reported on
-- definition: Of the activities on which reports fell due in the period, a year of one activity once, the share on which
--   at least one agency has reported by now, late reports too. In rows of an agency its own reports.
-- numerator: activities on which at least one agency reported
-- denominator: activities on which reports fell due in the period, each once a year reported on
-- unit: percent
-- direction: higher_is_better
-- source: Adapted from the WHO and DHIS2 data quality review: completeness of reporting
-- version: 2
-- valid_from: 2026-11-30
SELECT * REPLACE (NULL::BOOLEAN AS is_self_dated), is_expected AS in_scope, false AS is_excluded, is_filled AS in_numerator
FROM due_report
