-- One row per plan × main theme of its measures: measures, and the states of their activities as of the release, second
-- prints left out. A measure counts once in a scheme, so the rows of a plan and a scheme add up to the plan.
-- scheme: Classification that has the theme; NULL for a plan that has none.
-- theme: Main theme; NULL for the measures of the plan that have none.
-- theme_name: Name of the theme in English.
-- measures: Measures with this main theme.
SELECT a.plan_id, s.scheme, t.theme, n.name AS theme_name, count(DISTINCT a.measure_id) AS measures,
${indicators/status_counts}
FROM activities AS a
LEFT JOIN (
    SELECT DISTINCT plan_id, scheme FROM bridge_measure_theme JOIN dim_measure USING (measure_id)
) AS s ON s.plan_id = a.plan_id
LEFT JOIN bridge_measure_theme AS t ON t.measure_id = a.measure_id AND t.scheme = s.scheme AND t.is_main
LEFT JOIN dim_theme AS n ON n.theme = t.theme
WHERE a.duplicate_of IS NULL GROUP BY ALL ORDER BY a.plan_id, s.scheme, t.theme
