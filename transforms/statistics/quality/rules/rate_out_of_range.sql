-- One row per value, in its unit: outside the bounds of unit_bounds.csv once multiplied by ten to the unit_mult.
SELECT f.dataset_id, f.source_file, f.source_row AS line_number, 'obs_value' AS column_name,
       f.obs_value::VARCHAR AS source_value,
       CASE WHEN b.most IS NULL THEN 'rate_out_of_range.no_most' END AS message_id,
       {'statistic_id': f.statistic_id, 'ref_area': f.ref_area, 'time_period': f.time_period,
        'value': f.obs_value::VARCHAR, 'unit_measure': f.unit_measure, 'least': b.least::VARCHAR, 'most': b.most::VARCHAR,
        'reason': b.reason} AS arguments
FROM fact_statistic AS f
JOIN unit_bound AS b USING (unit_measure)
WHERE f.obs_value * power(10, coalesce(f.unit_mult, 0)) NOT BETWEEN b.least AND coalesce(b.most, 'Infinity'::DOUBLE)
