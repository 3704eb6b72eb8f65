-- name: Late completion rate
-- definition: Of the activities due, the share completed after the end of its window.
-- numerator: of these, completed after the end of its window
-- denominator: activities due
-- exclusions: activities cancelled as at the day of judgement; activities done of which no day of completion is
--   reported
-- unit: percent
-- direction: lower_is_better
-- version: 2
-- valid_from: 2026-11-30
SELECT *, is_due AS in_scope, is_cancelled OR (is_done AND completed_on IS NULL) AS is_excluded,
       is_done AND completed_on > window_end AS in_numerator
FROM judged
