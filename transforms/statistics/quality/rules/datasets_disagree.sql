-- One row per series, breakdown and pair of data sets, with the period in which they are farthest apart. Percentages are
-- compared by percentage points, or by a factor where they are small; other values by a factor. Between a value and zero, or
-- one of the other sign, no factor is small enough.
WITH apart AS (
    SELECT *, CASE WHEN ratio > 0 THEN greatest(ratio, 1 / ratio) END AS factor,
           coalesce(factor > tolerated('datasets_disagree', 'factor'), difference <> 0) AS is_far
    FROM compared
    WHERE CASE WHEN unit_measure = 'PT' AND unit_measure_other = 'PT'
               THEN abs(difference) > tolerated('datasets_disagree', 'percentage_points')
                    OR (is_far AND abs(difference) > tolerated('datasets_disagree', 'small_percentage_points'))
               ELSE is_far END
),
worst AS (
    SELECT *, count(*) OVER series AS periods
    FROM apart
    WINDOW series AS (PARTITION BY dataset_id, dataset_id_other, statistic_id, ref_area, breakdown)
    QUALIFY row_number() OVER (series ORDER BY abs(difference) DESC, time_period, source_file, source_row) = 1
)
SELECT dataset_id, source_file, source_row AS line_number, 'obs_value' AS column_name, obs_value::VARCHAR AS source_value,
       {'statistic_id': statistic_id, 'place': ref_area || breakdown, 'dataset_id': dataset_id,
        'other_dataset_id': dataset_id_other, 'n': periods, 'time_period': time_period, 'value': obs_value::VARCHAR,
        'other_value': obs_value_other::VARCHAR} AS arguments
FROM worst
