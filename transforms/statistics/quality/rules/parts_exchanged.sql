-- One row per series, period and pair of data sets, of the data set whose parts are first. Parts fit by the sum of the
-- absolute differences between them.
WITH part AS (
    SELECT dataset_id, statistic_id, freq, ref_area, age, income_wealth_quantile, education_lev, disability_status,
           other_breakdown, time_period, other, breakdown, one, two,
           any_value(obs_value) FILTER (code = one) AS first, any_value(obs_value) FILTER (code = two) AS second,
           any_value(source_file) FILTER (code = one) AS source_file, any_value(source_row) FILTER (code = one) AS source_row
    FROM parts
    WHERE code <> '_T'
    GROUP BY ALL
)
SELECT f.dataset_id, f.source_file, f.source_row AS line_number, f.breakdown AS column_name, f.one AS source_value,
       {'statistic_id': f.statistic_id, 'ref_area': f.ref_area, 'time_period': f.time_period,
        'first_value': f.first::VARCHAR, 'breakdown': f.breakdown, 'first_code': f.one,
        'second_value': f.second::VARCHAR, 'second_code': f.two, 'other_dataset_id': o.dataset_id,
        'other_first_value': o.first::VARCHAR, 'other_second_value': o.second::VARCHAR} AS arguments
FROM part AS f
JOIN part AS o USING (statistic_id, freq, ref_area, age, income_wealth_quantile, education_lev, disability_status,
                      other_breakdown, time_period, other, breakdown)
WHERE f.dataset_id <> o.dataset_id
  AND abs(f.first - f.second) > tolerated('parts_exchanged', 'apart') * greatest(abs(f.first), abs(f.second))
  AND abs(o.first - o.second) > tolerated('parts_exchanged', 'apart') * greatest(abs(o.first), abs(o.second))
  AND abs(f.first - o.second) + abs(f.second - o.first)
      <= tolerated('parts_exchanged', 'crossed') * (abs(f.first - o.first) + abs(f.second - o.second))
