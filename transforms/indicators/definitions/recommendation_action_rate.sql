-- name: Share of recommendations acted on
-- definition: Of the recommendations, the share with an activity in progress, substantially completed, completed
--   or delivered; in an agency's row by its own activities only.
-- numerator: of these, with an activity in progress, substantially completed, completed or delivered
-- denominator: recommendations with an activity that is not cancelled
-- exclusions: recommendations all of whose activities are cancelled
-- unit: percent
-- direction: higher_is_better
-- basis: reports
-- periods: AQ
-- source: UPR Info, methodology of the follow-up: recommendations triggering action
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE acted > 0) AS numerator,
       count(*) FILTER (WHERE wanted > 0) AS denominator,
       count(*) FILTER (WHERE wanted = 0) AS excluded,
       NULL AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM (
    SELECT j.plan_id,
           j.agency_id,
           j.time_period,
           j.as_of,
           count(*) FILTER (WHERE NOT is_cancelled) AS wanted,
           count(*) FILTER (WHERE status IN ('in_progress', 'substantially_completed', 'completed', 'delivered')) AS acted,
           count(*) FILTER (WHERE is_dated) AS dated,
           count(*) FILTER (WHERE is_dated AND NOT is_cancelled) AS dated_wanted,
           count(*) FILTER (WHERE is_dated AND is_done) AS dated_done
    FROM judged AS j
    JOIN bridge_measure_recommendation AS r ON r.measure_id = j.measure_id
    GROUP BY j.plan_id, j.agency_id, j.time_period, j.as_of, r.recommendation_id
)
GROUP BY plan_id, agency_id, time_period, as_of
