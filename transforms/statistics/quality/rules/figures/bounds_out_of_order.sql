-- One place per value: obs_value < lower_bound or > upper_bound.
SELECT [rowid] AS figures, greatest(lower_bound - obs_value, obs_value - upper_bound) / nullif(abs(obs_value), 0) AS badness,
       CASE WHEN lower_bound IS NULL THEN 'bounds_out_of_order.no_lower_bound'
            WHEN upper_bound IS NULL THEN 'bounds_out_of_order.no_upper_bound' END AS message_id,
       {'lower_bound': lower_bound::VARCHAR, 'upper_bound': upper_bound::VARCHAR} AS arguments
FROM fact_statistic
WHERE obs_value < lower_bound OR obs_value > upper_bound
