-- One row per value. Changes are absolute differences of the natural logarithm between a period and the one before it; what a
-- series usually does is the median of its changes, which a single jump does not move.
WITH change AS (
    SELECT *, lag(obs_value) OVER series AS before, lag(time_period) OVER series AS period_before,
           abs(ln(obs_value) - ln(before)) AS change
    FROM fact_statistic
    WHERE obs_value > 0
    WINDOW series AS (
        PARTITION BY dataset_id, statistic_id, freq, reporting_type, ref_area, sex, age, urbanisation, income_wealth_quantile,
                     education_lev, disability_status, other_breakdown
        ORDER BY time_period
    )
),
usual AS (
    SELECT *, median(change) OVER series AS usual, count(change) OVER series AS changes
    FROM change
    WINDOW series AS (
        PARTITION BY dataset_id, statistic_id, freq, reporting_type, ref_area, sex, age, urbanisation, income_wealth_quantile,
                     education_lev, disability_status, other_breakdown
    )
)
SELECT dataset_id, source_file, source_row AS line_number, 'obs_value' AS column_name, obs_value::VARCHAR AS source_value,
       {'statistic_id': statistic_id,
        'place': concat_ws(', ', ref_area, time_period, nullif(sex, '_T'), nullif(age, '_T'), nullif(urbanisation, '_T')),
        'value_before': before::VARCHAR, 'period_before': period_before, 'value': obs_value::VARCHAR,
        'usual_factor': round(exp(usual), 2)::VARCHAR} AS arguments
FROM usual
WHERE changes >= tolerated('jump_between_periods', 'periods')
  AND change > tolerated('jump_between_periods', 'least')
  AND change > tolerated('jump_between_periods', 'times') * usual
