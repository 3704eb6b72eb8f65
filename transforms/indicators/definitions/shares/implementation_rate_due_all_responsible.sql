-- name: Implementation rate of what is due, lower bound
-- definition: Of the activities due by the day of judgement, the share that every responsible agency has reported, each as completed. It
--   is at most IMPLEMENTATION_RATE_DUE, over the same denominator.
-- numerator: of these, completed by the reports of all responsible agencies
-- denominator: activities due
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- version: 1
-- valid_from: 2026-11-30
SELECT *, is_due AS in_scope, is_cancelled AS is_excluded, completed_by_all AS in_numerator
FROM judged
