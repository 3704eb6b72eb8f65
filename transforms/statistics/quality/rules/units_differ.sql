-- One row per data set, series and unit: unit_measure times ten to the unit_mult.
WITH used AS (
    SELECT dataset_id, statistic_id, unit_measure, coalesce(unit_mult, 0) AS unit_mult, min(source_file) AS source_file,
           arg_min(source_row, (source_file, source_row)) AS line_number
    FROM fact_statistic
    WHERE unit_measure IS NOT NULL
    GROUP BY ALL
)
SELECT f.dataset_id, f.source_file, f.line_number, 'unit_measure' AS column_name, f.unit_measure AS source_value,
       {'statistic_id': f.statistic_id, 'unit_measure': f.unit_measure, 'unit_mult': f.unit_mult,
        'others': array_to_string(
            list_sort(list(DISTINCT o.unit_measure || ' (' || o.unit_mult || ', ' || o.dataset_id || ')')), ', '
        )} AS arguments
FROM used AS f
JOIN used AS o USING (statistic_id)
WHERE f.dataset_id <> o.dataset_id AND (f.unit_measure, f.unit_mult) <> (o.unit_measure, o.unit_mult)
  AND NOT EXISTS (FROM used AS u WHERE u.dataset_id = o.dataset_id AND u.statistic_id = f.statistic_id
                                   AND u.unit_measure = f.unit_measure AND u.unit_mult = f.unit_mult)
GROUP BY f.dataset_id, f.statistic_id, f.source_file, f.line_number, f.unit_measure, f.unit_mult
