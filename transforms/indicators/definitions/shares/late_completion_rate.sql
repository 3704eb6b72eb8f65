-- name: Late completion rate
-- definition: Of the activities due, the share completed after the end of its window.
-- numerator: of these, completed after the end of its window
-- denominator: activities due
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: lower_is_better
-- version: 2
-- valid_from: 2026-11-30
SELECT *, is_due AS in_scope, is_cancelled AS is_excluded, completed_when = 'late' AS in_numerator FROM judged
