-- name: Completion rate, of all dated activities, due or not
-- definition: Of all dated activities, due or not, the share done.
-- numerator: of these, done
-- denominator: dated activities
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- source: Adapted from Open Government Partnership, Independent Reporting Mechanism: completion of commitments
-- version: 2
-- valid_from: 2026-11-30
SELECT *, is_dated AS in_scope, is_cancelled AS is_excluded, is_done AS in_numerator
FROM judged
