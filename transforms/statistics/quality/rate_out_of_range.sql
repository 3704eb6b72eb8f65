-- One row per value that its unit does not allow.
SELECT f.dataset_id, f.source_file, f.source_row AS line_number, 'obs_value' AS column_name,
       f.obs_value::VARCHAR AS source_value, f.obs_value::VARCHAR AS published_value,
       f.statistic_id || ' of ' || f.ref_area || ', ' || f.time_period || ': ' || f.obs_value || ' ' || f.unit_measure
       || ' is not between ' || b.least || ' and ' || coalesce(b.most::VARCHAR, 'any number') || '. ' || b.reason AS message
FROM fact_statistic AS f
JOIN unit_bound AS b USING (unit_measure)
WHERE f.obs_value * power(10, coalesce(f.unit_mult, 0)) NOT BETWEEN b.least AND coalesce(b.most, 'Infinity'::DOUBLE)
