-- name: Delivery rate of continuous activities, upper bound
-- definition: Of the continuous activities that were to run in the year, the share of which at least one responsible agency says, in its
--   latest report about the year, that they were delivered or completed.
-- numerator: of these, reported delivered or completed in the year by one responsible agency or more
-- denominator: continuous activities whose window touches the year, not completed before it
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- periods: A
-- version: 1
-- valid_from: 2026-11-30
SELECT j.*, timeframe = 'continuous' AND window_start <= end_date AND window_end >= start_date
           AND status_before <> 'completed' AS in_scope,
       is_cancelled AS is_excluded, coalesce(d.by_any, false) AS in_numerator
FROM judged AS j LEFT JOIN delivered AS d ON d.activity_id = j.activity_id AND d.year = j.time_period
WHERE is_whole_year
