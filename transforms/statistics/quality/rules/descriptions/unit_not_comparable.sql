-- One row per data set, series and unit that no power of ten makes that of the plausible range; not for a unit of which
-- unit_contradicts_series speaks.
SELECT f.dataset_id, min(f.source_file) AS source_file, arg_min(f.source_row, (f.source_file, f.source_row)) AS line_number,
       'unit_measure' AS column_name, f.unit_measure AS source_value, count(*) AS places,
       {'statistic_id': f.statistic_id, 'n': count(*), 'unit_measure': f.unit_measure, 'range_unit': r.range_unit} AS arguments
FROM fact_statistic AS f
JOIN ranged AS r ON r.statistic_id = f.statistic_id AND r.ref_area = f.ref_area AND r.unit_measure = f.unit_measure
                AND r.unit_mult = coalesce(f.unit_mult, 0)
WHERE r.shift IS NULL AND f.obs_value IS NOT NULL
  AND NOT EXISTS (FROM statistic_issue AS i
                  WHERE i.rule = 'unit_contradicts_series' AND i.dataset_id = f.dataset_id
                    AND i.arguments ->> 'statistic_id' = f.statistic_id)
GROUP BY f.dataset_id, f.statistic_id, f.unit_measure, r.range_unit
