-- One row per series of which two data sets have no unit in common: unit_measure times ten to the unit_mult. A unit that
-- unit_contradicts_series doubts is none: which one is wrong is said there.
WITH used AS (
    SELECT dataset_id, statistic_id, unit_measure, coalesce(unit_mult, 0) AS unit_mult, min(source_file) AS source_file,
           arg_min(source_row, (source_file, source_row)) AS line_number, count(*) AS figures
    FROM fact_statistic ANTI JOIN doubted_unit USING (dataset_id, statistic_id, unit_measure)
    WHERE unit_measure IS NOT NULL
    GROUP BY ALL
),
units AS (
    SELECT dataset_id, statistic_id, list((unit_measure, unit_mult)) AS units
    FROM used
    GROUP BY ALL
),
differing AS (
    SELECT DISTINCT statistic_id
    FROM units AS f JOIN units AS o USING (statistic_id)
    WHERE f.dataset_id < o.dataset_id AND NOT list_has_any(f.units, o.units)
),
unit AS (
    SELECT statistic_id, unit_measure || CASE WHEN unit_mult <> 0 THEN ' × 10^' || unit_mult ELSE '' END || ' ('
               || string_agg(dataset_id, ', ' ORDER BY dataset_id) || ')' AS users,
           min(dataset_id) AS dataset_id, arg_min(source_file, dataset_id) AS source_file,
           arg_min(line_number, dataset_id) AS line_number, sum(figures)::BIGINT AS figures
    FROM used SEMI JOIN differing USING (statistic_id)
    GROUP BY statistic_id, unit_measure, unit_mult
)
SELECT NULL AS dataset_id, statistic_id, arg_min(source_file, (dataset_id, users)) AS source_file,
       arg_min(line_number, (dataset_id, users)) AS line_number, 'unit_measure' AS column_name, NULL AS source_value,
       sum(figures)::BIGINT AS places,
       {'statistic_id': statistic_id, 'units': string_agg(users, ', ' ORDER BY dataset_id, users)} AS arguments
FROM unit
GROUP BY statistic_id
