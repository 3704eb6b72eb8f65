-- name: Share of completions that cite a source
-- definition: Of the dated activities done, the share of which a report of completion, of any agency, cites a source:
--   an address, a file, or evidence in words. Nobody has verified it.
-- numerator: of these, with a report of completion that cites a source
-- denominator: dated activities done
-- unit: percent
-- direction: higher_is_better
-- source: Adapted from Open Government Partnership, Independent Reporting Mechanism: completion of commitments
-- version: 2
-- valid_from: 2026-11-30
SELECT j.*, is_dated AND is_done AS in_scope, false AS is_excluded, coalesce(e.since <= j.as_of, false) AS in_numerator
FROM judged AS j LEFT JOIN evident AS e ON e.activity_id = j.activity_id
