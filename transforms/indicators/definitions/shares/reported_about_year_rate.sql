-- name: Activities with a report about the year
-- definition: Of the activities in force in the year and not completed before it, the share about which an agency has sent an
--   accepted report about that year by now, on time or late.
-- numerator: of these, with an accepted report about the year
-- denominator: activities whose window touches the year, not completed before it
-- exclusions: activities cancelled as at the day of judgement
-- unit: percent
-- direction: higher_is_better
-- periods: A
-- version: 1
-- valid_from: 2026-11-30
SELECT j.*, window_start <= end_date AND window_end >= start_date AND status_before <> 'completed' AS in_scope,
       is_cancelled AS is_excluded, r.activity_id IS NOT NULL AS in_numerator
FROM judged AS j LEFT JOIN reported_about AS r ON r.activity_id = j.activity_id AND r.year = j.time_period
WHERE is_whole_year
