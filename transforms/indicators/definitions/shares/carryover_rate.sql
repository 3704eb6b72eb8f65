-- name: Carry-over rate
-- definition: Of the dated activities on the year's hands, the share left over from years before.
-- numerator: dated activities whose window ended before the year, not known to be done and not cancelled as at the
--   end of the year before
-- denominator: these, and the dated activities whose window ends in the year
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: lower_is_better
-- periods: A
-- source: Adapted from OECD/SIGMA, Toolkit for the preparation, implementation, monitoring, reporting and evaluation of public
--   administration reform and sector strategies: backlog
-- version: 2
-- valid_from: 2026-11-30
SELECT *, is_dated AND window_end < start_date AND status_before NOT IN ('completed', 'cancelled') AS in_numerator,
       in_numerator OR is_due_in_period AS in_scope, is_cancelled AS is_excluded
FROM judged WHERE frequency = 'A'
