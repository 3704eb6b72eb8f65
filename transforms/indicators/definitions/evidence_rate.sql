-- name: Share of completions with evidence
-- definition: Of the dated activities done, the share of which a report of completion, of any agency, names the
--   address of its evidence.
-- numerator: of these, with a report of completion that has an evidence_url
-- denominator: dated activities done
-- unit: percent
-- direction: higher_is_better
-- basis: reports
-- periods: AQ
-- source: Open Government Partnership, Independent Reporting Mechanism: completion of commitments
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE is_dated AND is_done AND is_evident) AS numerator,
       count(*) FILTER (WHERE is_dated AND is_done) AS denominator,
       count(*) FILTER (WHERE false) AS excluded,
       count(*) FILTER (WHERE is_dated AND is_done AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM (
    SELECT j.*, coalesce(e.since <= j.as_of, false) AS is_evident
    FROM judged AS j
    LEFT JOIN evident AS e ON e.activity_id = j.activity_id
)
GROUP BY plan_id, agency_id, time_period, as_of
