-- name: Delivery rate of continuous activities
-- definition: Of the continuous activities that were to run in the year, the share of which a report about the
--   year says that they were delivered or completed.
-- numerator: of these, reported delivered or completed in the year
-- denominator: continuous activities whose window touches the year, not completed before it
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- basis: reports
-- periods: A
-- source: OECD/SIGMA, Toolkit for the preparation, implementation, monitoring, reporting and evaluation of public
--   administration reform and sector strategies
SELECT plan_id,
       agency_id,
       time_period,
       as_of,
       count(*) FILTER (WHERE is_delivered AND is_running AND NOT is_cancelled) AS numerator,
       count(*) FILTER (WHERE is_running AND NOT is_cancelled) AS denominator,
       count(*) FILTER (WHERE is_running AND is_cancelled) AS excluded,
       count(*) FILTER (WHERE is_running AND NOT is_cancelled AND is_silent) AS without_evidence,
       100 * numerator / nullif(denominator, 0) AS value
FROM (
    SELECT j.*,
           timeframe = 'continuous' AND window_start <= end_date AND window_end >= start_date
               AND status_before <> 'completed' AS is_running,
           d.activity_id IS NOT NULL AS is_delivered
    FROM judged AS j
    LEFT JOIN delivered AS d ON d.activity_id = j.activity_id AND d.time_period = j.time_period
    WHERE is_whole_year
)
GROUP BY plan_id, agency_id, time_period, as_of
