-- One place per value, with the value before it. What a series usually does is the median of its steps from period to period,
-- and how steadily it does so is their median absolute deviation from it, times 1.4826 (as of a standard deviation). A jump is
-- far out both as a step and as a growth (difference of natural logarithms), since a series that falls evenly to zero does not
-- jump. A series that is unsteady by itself has none; a longer gap than usual is none; the return of a jump is not told again.
WITH stepped AS (
    SELECT figure, obs_value, time_period, first_value(figure) OVER series AS series,
           lag(figure) OVER series AS figure_before, lag(obs_value) OVER series AS before,
           lag(time_period) OVER series AS period_before,
           date_diff('month', lag(start_date) OVER series, start_date) AS months
    FROM (SELECT *, rowid AS figure FROM fact_statistic WHERE obs_value IS NOT NULL)
    JOIN dim_time_period USING (time_period)
    WINDOW series AS (
        PARTITION BY dataset_id, statistic_id, freq, reporting_type, ref_area, sex, age, urbanisation, income_wealth_quantile,
                     education_lev, disability_status, other_breakdown, unit_measure, unit_mult
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
           median(abs(step)) AS usual_size, median(abs(obs_value)) AS level
    FROM step
    GROUP BY series
    HAVING count(*) >= tolerated('jump_between_periods', 'periods')
),
spread AS (
    SELECT series, 1.4826 * median(abs(step - usual_step)) AS step_spread,
           1.4826 * median(abs(growth - usual_growth)) AS growth_spread
    FROM step JOIN usual USING (series)
    GROUP BY series, level
    HAVING step_spread <= tolerated('jump_between_periods', 'unsteady') * level
),
jump AS (
    SELECT *, abs(step - usual_step) AS excess, greatest(abs(obs_value), abs(before)) AS larger
    FROM step JOIN usual USING (series) JOIN spread USING (series)
    WHERE months <= usual_months AND excess > tolerated('jump_between_periods', 'times') * step_spread
      AND coalesce(abs(growth - usual_growth) > tolerated('jump_between_periods', 'times') * growth_spread, true)
      AND least(excess, abs(step)) > tolerated('jump_between_periods', 'least') * larger
)
SELECT [figure, figure_before] AS figures, excess / larger AS badness, NULL AS message_id,
       {'value_before': before::VARCHAR, 'period_before': period_before, 'usual_step': printf('%.3g', usual_size)} AS arguments
FROM jump
WINDOW series AS (PARTITION BY series ORDER BY time_period)
QUALIFY coalesce(abs(step + lag(step) OVER series) > tolerated('jump_between_periods', 'return') * abs(step), true)
