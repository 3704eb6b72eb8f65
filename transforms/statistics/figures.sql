-- One row per figure: fact_statistic, with the issues that doubt it. An issue about a unit doubts the figures in that unit, of
-- one data set or of all.
-- issue_ids: Rows of quality_issue that doubt the figure or its unit; an empty list without any, NULL without a figure.
SELECT f.*, list_concat(coalesce(u.issue_ids, []), coalesce(i.issue_ids, [])) AS issue_ids
FROM fact_statistic AS f
LEFT JOIN (
    SELECT * EXCLUDE (issue_id), list(issue_id ORDER BY issue_id) AS issue_ids FROM bridge_statistic_issue GROUP BY ALL
) AS i USING (dataset_id, statistic_id, freq, reporting_type, ref_area, sex, age, urbanisation, income_wealth_quantile,
              education_lev, disability_status, other_breakdown, time_period)
LEFT JOIN (
    SELECT s.dataset_id, s.statistic_id, coalesce(s.unit_measure, '') AS unit, list(issue_id ORDER BY issue_id) AS issue_ids
    FROM (SELECT DISTINCT dataset_id, statistic_id, unit_measure FROM fact_statistic) AS s
    JOIN quality_issue AS q ON q.statistic_id = s.statistic_id AND q.column_name = 'unit_measure'
        AND (q.dataset_id IS NULL OR (q.dataset_id = s.dataset_id AND q.source_value IS NOT DISTINCT FROM s.unit_measure))
    GROUP BY ALL
) AS u ON u.dataset_id = f.dataset_id AND u.statistic_id = f.statistic_id AND u.unit = coalesce(f.unit_measure, '')
