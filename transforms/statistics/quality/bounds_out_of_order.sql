-- One row per value that does not lie between its own bounds.
SELECT dataset_id, source_file, source_row AS line_number, 'obs_value' AS column_name, obs_value::VARCHAR AS source_value,
       obs_value::VARCHAR AS published_value,
       statistic_id || ' of ' || ref_area || ', ' || time_period || ': the value ' || obs_value
       || ' does not lie between its bounds, ' || coalesce(lower_bound::VARCHAR, 'none') || ' and '
       || coalesce(upper_bound::VARCHAR, 'none') || '.' AS message
FROM fact_statistic
WHERE obs_value < lower_bound OR obs_value > upper_bound
