-- One row per total by sex or by place of residence. A rate of the whole lies between those of its parts, a number is not
-- less than their sum, but for rounding.
WITH total AS (
    SELECT dataset_id, statistic_id, freq, reporting_type, ref_area, age, income_wealth_quantile, education_lev,
           disability_status, other_breakdown, time_period, other, breakdown, one, two,
           any_value(obs_value) FILTER (code = '_T') AS whole, any_value(obs_value) FILTER (code = one) AS first,
           any_value(obs_value) FILTER (code = two) AS second, any_value(unit_measure) FILTER (code = '_T') AS unit_measure,
           any_value(source_file) FILTER (code = '_T') AS source_file,
           any_value(source_row) FILTER (code = '_T') AS source_row
    FROM parts
    GROUP BY ALL
),
judged AS (
    SELECT *,
           greatest(first, second) * tolerated('total_outside_parts', 'relative')
           + tolerated('total_outside_parts', 'absolute') AS slack,
           unit_measure IS NOT DISTINCT FROM 'NUMBER' AS is_number,
           abs(whole - (first + second)) <= tolerated('total_outside_parts', 'sum') * abs(whole) AS is_sum
    FROM total
    WHERE whole IS NOT NULL AND first IS NOT NULL AND second IS NOT NULL
)
SELECT dataset_id, source_file, source_row AS line_number, 'obs_value' AS column_name, whole::VARCHAR AS source_value,
       CASE WHEN is_number THEN 'total_outside_parts.number' WHEN is_sum THEN 'total_outside_parts.sum' END AS message_id,
       {'statistic_id': statistic_id, 'ref_area': ref_area, 'time_period': time_period, 'total': whole::VARCHAR,
        'first_value': first::VARCHAR, 'breakdown': breakdown, 'first_code': one, 'second_value': second::VARCHAR,
        'second_code': two} AS arguments
FROM judged
WHERE CASE WHEN is_number THEN whole < first + second - slack
           ELSE whole < least(first, second) - slack OR whole > greatest(first, second) + slack END
