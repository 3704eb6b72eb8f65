-- One place per series, breakdown, period and pair of data sets, in one unit. Percentages are compared by percentage points,
-- or by a factor where they are small; other values by a factor. Between a value and zero, or one of the other sign, no factor
-- is small enough. Only like is compared with like: by natures.csv, figures of a country differ from estimates by method.
-- Values whose intervals meet do not disagree; a value without bounds is its own interval.
WITH figure AS (
    SELECT f.*, f.rowid AS figure, n.kind, coalesce(unit_measure, '') AS unit, coalesce(unit_mult, 0) AS multiplier,
           coalesce(lower_bound, obs_value) AS low, coalesce(upper_bound, obs_value) AS high
    FROM fact_statistic AS f
    LEFT JOIN nature_kind AS n USING (nature)
    WHERE obs_value IS NOT NULL
),
compared AS (
    SELECT f.figure, o.figure AS figure_other, f.dataset_id, o.dataset_id AS dataset_id_other, f.unit = 'PT' AS is_percentage,
           o.obs_value AS value_other, abs(o.obs_value - f.obs_value) AS difference,
           CASE WHEN o.obs_value = f.obs_value THEN 1
                WHEN o.obs_value * f.obs_value > 0 THEN greatest(o.obs_value / f.obs_value, f.obs_value / o.obs_value)
                ELSE 'Infinity'::DOUBLE END AS factor
    FROM figure AS f
    JOIN figure AS o USING (statistic_id, ref_area, freq, sex, age, urbanisation, income_wealth_quantile, education_lev,
                            disability_status, other_breakdown, time_period, unit, multiplier)
    WHERE f.dataset_id < o.dataset_id AND coalesce(f.kind = o.kind, true) AND greatest(f.low, o.low) > least(f.high, o.high)
)
SELECT [figure, figure_other] AS figures, CASE WHEN is_percentage THEN difference ELSE factor END AS badness,
       NULL AS message_id,
       {'dataset_id': dataset_id, 'other_dataset_id': dataset_id_other, 'other_value': value_other::VARCHAR} AS arguments
FROM compared
WHERE CASE WHEN is_percentage AND difference > tolerated('datasets_disagree', 'percentage_points') THEN true
           WHEN is_percentage THEN factor > tolerated('datasets_disagree', 'factor')
                                   AND difference > tolerated('datasets_disagree', 'small_percentage_points')
           ELSE factor > tolerated('datasets_disagree', 'factor') END
