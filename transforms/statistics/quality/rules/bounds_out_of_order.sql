-- One row per value: obs_value < lower_bound or > upper_bound.
SELECT dataset_id, source_file, source_row AS line_number, 'obs_value' AS column_name, obs_value::VARCHAR AS source_value,
       CASE WHEN lower_bound IS NULL THEN 'bounds_out_of_order.no_lower_bound'
            WHEN upper_bound IS NULL THEN 'bounds_out_of_order.no_upper_bound' END AS message_id,
       {'statistic_id': statistic_id, 'ref_area': ref_area, 'time_period': time_period, 'value': obs_value::VARCHAR,
        'lower_bound': lower_bound::VARCHAR, 'upper_bound': upper_bound::VARCHAR} AS arguments
FROM fact_statistic
WHERE obs_value < lower_bound OR obs_value > upper_bound
