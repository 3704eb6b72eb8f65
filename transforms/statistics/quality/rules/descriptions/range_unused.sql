-- One row for all entries of plausible_ranges.csv of whose series, or area, no data set has a figure; it lists twenty.
WITH used AS (SELECT DISTINCT statistic_id, ref_area FROM fact_statistic),
unused AS (
    SELECT count(*) AS n, list(range_id ORDER BY range_id) AS entries
    FROM dim_plausible_range AS r
    WHERE NOT EXISTS (FROM used AS u WHERE u.statistic_id = r.statistic_id AND coalesce(r.ref_area = u.ref_area, true))
)
SELECT NULL AS dataset_id, NULL AS statistic_id, 'statistics/plausible_ranges.csv' AS source_file, NULL AS line_number,
       NULL AS column_name, NULL AS source_value, n AS places,
       {'n': n, 'entries': array_to_string(entries[:20], ', ') || CASE WHEN n > 20 THEN ', …' ELSE '' END} AS arguments
FROM unused
WHERE n > 0
