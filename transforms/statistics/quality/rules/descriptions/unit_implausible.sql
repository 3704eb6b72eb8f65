-- One row per data set, series and unit in which values lie outside the plausible range of the series, and in another unit of
-- unit_readings.csv none would, those outside even without a margin: with the value that is farthest outside, and the nearest
-- such unit. One value at least is far enough outside (tolerance `other_unit`). Not for a unit that unit_contradicts_series doubts.
WITH figure AS (
    SELECT f.*, r.power, r.least, r.most, r.low, r.high, r.shown, r.source, greatest(r.low - f.obs_value, f.obs_value - r.high) AS distance,
           greatest(f.obs_value / nullif(r.most, 0), r.least / nullif(f.obs_value, 0)) AS factor
    FROM fact_statistic AS f
    JOIN ranged AS r ON r.statistic_id = f.statistic_id AND r.ref_area = f.ref_area AND r.unit_measure = f.unit_measure
                    AND r.unit_mult = coalesce(f.unit_mult, 0)
    ANTI JOIN doubted_unit AS d
        ON d.dataset_id = f.dataset_id AND d.statistic_id = f.statistic_id AND d.unit_measure = f.unit_measure
    WHERE r.shift IS NOT NULL AND f.obs_value IS NOT NULL
),
worst AS (
    SELECT dataset_id, statistic_id, unit_measure, count(*) AS places,
           arg_min(figure, (-distance, source_file, source_row)) AS o
    FROM figure
    WHERE distance > 0
    GROUP BY ALL
),
candidate AS (
    SELECT DISTINCT r.unit_measure, u.power, u.minus, u.reading
    FROM ranged AS r
    JOIN unit_reading AS u ON regexp_matches(r.unit_measure, u.units)
),
fitting AS (
    SELECT f.dataset_id, f.statistic_id, f.unit_measure, c.reading, any_value(abs(f.power - c.power)) AS steps
    FROM figure AS f
    JOIN candidate AS c ON c.unit_measure = f.unit_measure AND (c.minus = 0 OR f.least < 0)
    SEMI JOIN worst AS w
        ON w.dataset_id = f.dataset_id AND w.statistic_id = f.statistic_id AND w.unit_measure = f.unit_measure
    GROUP BY ALL
    HAVING bool_and((f.obs_value - c.minus) * power(10, f.power - c.power) BETWEEN f.least AND f.most
                    OR (f.distance <= 0 AND (f.obs_value - c.minus) * power(10, f.power - c.power) BETWEEN f.low AND f.high))
       AND (any_value(c.minus) <> 0 OR max(f.factor) >= tolerated('value_implausible', 'other_unit'))
)
SELECT dataset_id, statistic_id, any_value(o.source_file) AS source_file, any_value(o.source_row) AS line_number,
       'unit_measure' AS column_name, unit_measure AS source_value, any_value(places) AS places,
       {'statistic_id': statistic_id, 'n': any_value(places),
        'place': concat_ws(', ', any_value(o.ref_area), any_value(o.time_period), nullif(any_value(o.sex), '_T'),
                           nullif(any_value(o.age), '_T'), nullif(any_value(o.urbanisation), '_T'),
                           nullif(any_value(o.other_breakdown), '_T')),
        'value': any_value(o.obs_value)::VARCHAR, 'unit_measure': unit_measure, 'least': any_value(o.shown)[1],
        'most': any_value(o.shown)[2], 'source_least': any_value(o.shown)[3],
        'source_most': any_value(o.shown)[4], 'source': any_value(o.source), 'reading': arg_min(reading, (steps, reading))} AS arguments
FROM fitting JOIN worst USING (dataset_id, statistic_id, unit_measure)
GROUP BY dataset_id, statistic_id, unit_measure
