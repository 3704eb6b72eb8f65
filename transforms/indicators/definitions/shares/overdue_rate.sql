-- name: Overdue rate
-- definition: Of the activities due, the share not known to be done; silence is no proof that they are not: see
--   without_evidence.
-- numerator: of these, not known to be done
-- denominator: activities due
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: lower_is_better
-- source: IMPACT OSS: overdue actions
-- version: 2
-- valid_from: 2026-11-30
SELECT *, is_due AS in_scope, is_cancelled AS is_excluded, NOT is_done AS in_numerator
FROM judged
