-- One row per data set, series and unit, by the first words of unit_words.csv that bind it.
SELECT f.dataset_id, f.statistic_id, f.source_file, f.line_number, 'unit_measure' AS column_name,
       f.unit_measure AS source_value, f.observations AS places,
       {'statistic_id': f.statistic_id, 'name': s.name, 'n': f.observations, 'unit_measure': f.unit_measure,
        'reason': w.reason} AS arguments
FROM (
    SELECT dataset_id, statistic_id, unit_measure, min(source_file) AS source_file,
           arg_min(source_row, (source_file, source_row)) AS line_number, count(*) AS observations
    FROM fact_statistic
    WHERE unit_measure IS NOT NULL
    GROUP BY ALL
) AS f
JOIN dim_statistic AS s USING (statistic_id)
JOIN unit_word AS w
    ON regexp_matches(s.name, w.words) AND NOT (w.unless IS NOT NULL AND regexp_matches(s.name, w.unless))
    AND NOT regexp_matches(f.unit_measure, w.units)
QUALIFY row_number() OVER (PARTITION BY f.dataset_id, f.statistic_id, f.unit_measure ORDER BY w.rowid) = 1
