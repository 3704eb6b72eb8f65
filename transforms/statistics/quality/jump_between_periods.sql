-- One row per value that has changed since the period before it by far more than its series usually does (the median of
-- the absolute changes of the logarithm bounds it: a single jump does not move a median).
WITH change AS (
    SELECT dataset_id, statistic_id, freq, reporting_type, ref_area, sex, age, urbanisation, income_wealth_quantile,
           education_lev, disability_status, other_breakdown, time_period, obs_value, source_file, source_row,
           lag(obs_value) OVER series AS before, lag(time_period) OVER series AS period_before,
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
       obs_value::VARCHAR AS published_value,
       statistic_id || ' of ' || ref_area || ', ' || concat_ws(', ', time_period, nullif(sex, '_T'), nullif(age, '_T'),
       nullif(urbanisation, '_T')) || ': from ' || before || ' in ' || period_before || ' to ' || obs_value
       || ', far more than the series usually changes (by a factor of ' || round(exp(usual), 2) || ').' AS message
FROM usual
WHERE changes >= tolerated('jump_between_periods', 'periods')
  AND change > tolerated('jump_between_periods', 'least')
  AND change > tolerated('jump_between_periods', 'times') * usual
