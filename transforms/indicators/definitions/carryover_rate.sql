-- name: Carry-over rate
-- definition: Of the dated activities on the year's hands, the share left over from years before.
-- numerator: dated activities whose window ended before the year, not known to be done and not cancelled as at the
--   end of the year before
-- denominator: these, and the dated activities whose window ends in the year
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: lower_is_better
-- basis: reports
-- periods: A
-- source: OECD/SIGMA, Toolkit for the preparation, implementation, monitoring, reporting and evaluation of public
--   administration reform and sector strategies: backlog
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE is_carried AND NOT is_cancelled) AS numerator,
       count(*) FILTER (WHERE (is_carried OR is_due_this_year) AND NOT is_cancelled) AS denominator,
       count(*) FILTER (WHERE (is_carried OR is_due_this_year) AND is_cancelled) AS excluded,
       count(*) FILTER (WHERE (is_carried OR is_due_this_year) AND NOT is_cancelled AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM (
    SELECT *,
           is_dated AND window_end < start_date AND status_before NOT IN ('completed', 'cancelled') AS is_carried,
           is_dated AND window_end BETWEEN start_date AND end_date AS is_due_this_year
    FROM judged
    WHERE frequency = 'A'
)
GROUP BY plan_id, agency_id, time_period, as_of
