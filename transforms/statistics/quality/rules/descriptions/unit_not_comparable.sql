-- One row per data set, series and unit that no power of ten makes that of the plausible range; not for a doubted unit.
SELECT dataset_id, statistic_id, min(source_file) AS source_file,
       arg_min(source_row, (source_file, source_row)) AS line_number, 'unit_measure' AS column_name,
       unit_measure AS source_value, count(*) AS places,
       {'statistic_id': statistic_id, 'n': count(*), 'unit_measure': unit_measure, 'range_unit': range_unit} AS arguments
FROM ranged_figures
WHERE shift IS NULL
GROUP BY dataset_id, statistic_id, unit_measure, range_unit
