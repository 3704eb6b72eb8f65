-- name: Share of completions with evidence
-- definition: Of the dated activities done, the share of which a report of completion, of any agency, cites evidence: an
--   address on the web, a file, or a reference in words. Nobody has verified it.
-- numerator: of these, with a report of completion that has an evidence_kind
-- denominator: dated activities done
-- unit: percent
-- direction: higher_is_better
-- source: Open Government Partnership, Independent Reporting Mechanism: completion of commitments
SELECT j.*, is_dated AND is_done AS in_scope, false AS is_excluded, coalesce(e.since <= j.as_of, false) AS in_numerator
FROM judged AS j LEFT JOIN evident AS e ON e.activity_id = j.activity_id
