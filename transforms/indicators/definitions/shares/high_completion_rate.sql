-- name: High completion rate, of those reported on
-- definition: Of the dated activities reported on, the share completed or substantially completed. Silent
--   activities are not in it: read it together with NO_EVIDENCE_RATE.
-- numerator: of these, completed or substantially completed
-- denominator: dated activities reported on
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- source: Adapted from Open Government Partnership, Independent Reporting Mechanism: completion of commitments
-- version: 2
-- valid_from: 2026-11-30
SELECT *, is_dated AND NOT is_silent AS in_scope, is_cancelled AS is_excluded,
       status IN ('completed', 'substantially_completed') AS in_numerator
FROM judged
