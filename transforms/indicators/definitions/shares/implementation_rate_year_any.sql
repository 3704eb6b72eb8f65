-- name: Implementation rate of the year, upper bound
-- definition: Of the dated activities due in the year, the share that at least one responsible agency has reported as completed. It
--   is at least IMPLEMENTATION_RATE_YEAR, over the same denominator.
-- numerator: of these, completed by the report of one responsible agency or more
-- denominator: dated activities whose window ends in the year
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- periods: A
-- version: 1
-- valid_from: 2026-11-30
SELECT *, is_due_in_period AS in_scope, is_cancelled AS is_excluded, completed_by_any AS in_numerator
FROM judged WHERE is_whole_year
