-- name: Implementation rate of the year
-- definition: Of the dated activities due in the year, the share done by its end.
-- numerator: of these, done
-- denominator: dated activities whose window ends in the year
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- periods: A
-- source: Adapted from OECD/SIGMA, Toolkit for the preparation, implementation, monitoring, reporting and evaluation of public
--   administration reform and sector strategies
-- version: 2
-- valid_from: 2026-11-30
SELECT *, is_due_in_period AS in_scope, is_cancelled AS is_excluded, is_done AS in_numerator
FROM judged WHERE is_whole_year
