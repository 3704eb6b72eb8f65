-- One place per series, period and pair of data sets. Parts fit by the sum of the absolute differences between them.
SELECT [f.figures[1], f.figures[2], o.figures[1], o.figures[2]] AS figures,
       (abs(f.first - o.first) + abs(f.second - o.second)) / (abs(f.first) + abs(f.second)) AS badness, NULL AS message_id,
       {'place': concat_ws(', ', f.ref_area, f.time_period, nullif(f.other, '_T'), nullif(f.age, '_T')),
        'dataset_id': f.dataset_id, 'breakdown': f.breakdown, 'first_code': f.one, 'second_value': f.second::VARCHAR,
        'second_code': f.two, 'other_dataset_id': o.dataset_id, 'other_first_value': o.first::VARCHAR,
        'other_second_value': o.second::VARCHAR} AS arguments
FROM parts AS f
JOIN parts AS o USING (statistic_id, freq, ref_area, age, income_wealth_quantile, education_lev, disability_status,
                       other_breakdown, time_period, other, breakdown, unit_mult)
WHERE f.dataset_id < o.dataset_id AND f.unit_measure IS NOT DISTINCT FROM o.unit_measure
  AND abs(f.first - f.second) > tolerated('parts_exchanged', 'apart') * greatest(abs(f.first), abs(f.second))
  AND abs(o.first - o.second) > tolerated('parts_exchanged', 'apart') * greatest(abs(o.first), abs(o.second))
  AND abs(f.first - o.second) + abs(f.second - o.first)
      <= tolerated('parts_exchanged', 'crossed') * (abs(f.first - o.first) + abs(f.second - o.second))
