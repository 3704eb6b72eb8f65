-- One place per value, with the value before it. What a series usually does is the median of its steps from period to period,
-- and how steadily it does so is their median absolute deviation from it, times 1.4826 (as of a standard deviation). A jump is
-- far out both as a step and as a growth (difference of natural logarithms), since a series that falls evenly to zero does not
-- jump. A series that is unsteady by itself, or mostly zero, has none; a longer gap than usual is none; the return of a jump is
-- not told again. A month, quarter or half-year is compared with that of the year before, for seasons are no jumps.
WITH stepped AS (
    SELECT figure, obs_value, time_period, first_value(figure) OVER series AS series,
           lag(figure) OVER series AS figure_before, lag(obs_value) OVER series AS before,
           lag(time_period) OVER series AS period_before,
           date_diff('month', lag(start_date) OVER series, start_date) AS months
    FROM (SELECT *, rowid AS figure FROM fact_statistic WHERE obs_value IS NOT NULL)
    JOIN dim_time_period USING (time_period)
    WINDOW series AS (
        PARTITION BY dataset_id, statistic_id, freq, reporting_type, ref_area, sex, age, urbanisation, income_wealth_quantile,
                     education_lev, disability_status, other_breakdown, unit_measure, unit_mult, time_period[5:]
        ORDER BY start_date
    )
),
step AS (
    SELECT *, obs_value - before AS step,
           CASE WHEN obs_value > 0 AND before > 0 THEN ln(obs_value) - ln(before) END AS growth
    FROM stepped
    WHERE before IS NOT NULL
),
usual AS (
    SELECT series, median(step) AS usual_step, median(growth) AS usual_growth, median(months) AS usual_months,
           median(abs(step)) AS usual_size, median(abs(obs_value)) AS level,
           min(CASE WHEN obs_value = round(obs_value) THEN 1 WHEN obs_value = round(obs_value, 1) THEN 0.1
                    WHEN obs_value = round(obs_value, 2) THEN 0.01 ELSE 0 END) AS last_digit
    FROM step
    GROUP BY series
    HAVING count(*) >= tolerated('jump_between_periods', 'periods')
),
spread AS (
    SELECT series, 1.4826 * median(abs(step - usual_step)) AS step_spread,
           1.4826 * median(abs(growth - usual_growth)) AS growth_spread
    FROM step JOIN usual USING (series)
    GROUP BY series, level
    HAVING step_spread < tolerated('jump_between_periods', 'unsteady') * level
),
jump AS (
    SELECT *, abs(step - usual_step) AS excess, greatest(abs(obs_value), abs(before)) AS larger
    FROM step JOIN usual USING (series) JOIN spread USING (series)
    WHERE months <= usual_months AND excess > tolerated('jump_between_periods', 'times') * step_spread
      AND excess > tolerated('jump_between_periods', 'times') * tolerated('jump_between_periods', 'rounding') * last_digit
      AND coalesce(abs(growth - usual_growth) > tolerated('jump_between_periods', 'times') * growth_spread, true)
      AND least(excess, abs(step)) > tolerated('jump_between_periods', 'least') * larger
)
SELECT [figure, figure_before] AS figures, excess / larger AS badness, NULL AS message_id,
       {'value_before': before::VARCHAR, 'period_before': period_before,
        'usual_step': coalesce(round(usual_size, (2 - floor(log10(nullif(usual_size, 0))))::INTEGER), 0)::VARCHAR} AS arguments
FROM jump
WINDOW series AS (PARTITION BY series ORDER BY time_period)
QUALIFY coalesce(abs(step + lag(step) OVER series) > tolerated('jump_between_periods', 'return') * abs(step), true)
