-- One row per data set and series.
SELECT dataset_id, statistic_id, min(source_file) AS source_file, arg_min(source_row, (source_file, source_row)) AS line_number,
       'unit_measure' AS column_name, NULL AS source_value, count(*) AS places,
       CASE WHEN statistic_id IN (SELECT statistic_id FROM dim_plausible_range WHERE least IS NOT NULL OR most IS NOT NULL)
            THEN 'unit_missing.not_compared' END AS message_id,
       {'statistic_id': statistic_id, 'n': count(*)} AS arguments
FROM fact_statistic
WHERE unit_measure IS NULL AND obs_value IS NOT NULL
GROUP BY dataset_id, statistic_id
