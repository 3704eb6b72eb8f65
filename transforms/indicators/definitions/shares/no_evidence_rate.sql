-- name: Share of the activities begun that were never reported on
-- definition: Of the activities begun, the share on which no agency has ever reported.
-- numerator: activities begun, nothing reported
-- denominator: activities begun
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: lower_is_better
-- source: Adapted from Open Government Partnership, Independent Reporting Mechanism: completion of commitments, no evidence
--   available
-- version: 2
-- valid_from: 2026-11-30
SELECT *, is_begun AS in_scope, is_cancelled AS is_excluded, is_silent AS in_numerator
FROM judged
