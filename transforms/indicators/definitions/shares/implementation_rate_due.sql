-- name: Implementation rate of what is due
-- definition: Of the activities due by the day of judgement, the share done.
-- numerator: of these, done
-- denominator: activities due
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- source: Adapted from OECD/SIGMA, Toolkit for the preparation, implementation, monitoring, reporting and evaluation of public
--   administration reform and sector strategies
-- version: 2
-- valid_from: 2026-11-30
SELECT *, is_due AS in_scope, is_cancelled AS is_excluded, is_done AS in_numerator
FROM judged
