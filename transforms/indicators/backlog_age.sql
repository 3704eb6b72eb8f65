-- name: Of what is overdue, the share overdue for ${words}
-- definition: Of the activities overdue, the share that is so for ${words}, in whole years from the day after the end of the
--   window. The shares of BACKLOG_AGE_* sum to 100. Silence counts as overdue: see without_evidence.
-- numerator: of these, overdue for ${words}
-- denominator: activities overdue
-- unit: percent
-- direction: neither
-- version: 1
-- valid_from: 2026-11-30
SELECT *, is_overdue AS in_scope, false AS is_excluded,
       least(datesub('year', window_end + 1, as_of), 3) = ${years} AS in_numerator
FROM judged
