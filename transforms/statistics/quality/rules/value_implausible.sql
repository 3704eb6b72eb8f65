-- One row per data set, series and unit, with the value that is farthest outside and the number of all; not for a series that
-- rate_out_of_range or unit_contradicts_series speaks of (rules run in the order of their names). Outside: below half the least
-- or above twice the most that the source of the range has (tolerance `margin`), of a change or a definition below the least or
-- above the most. The nearest unit of unit_readings.csv is named in which all these values would lie between least and most, if
-- one of them is far enough outside (tolerance `other_unit`).
WITH outside AS (
    SELECT f.*, r.power, r.least, r.most, r.shown, r.source,
           greatest(r.low - f.obs_value, f.obs_value - r.high) AS distance,
           greatest(f.obs_value / nullif(r.most, 0), r.least / nullif(f.obs_value, 0)) AS factor
    FROM fact_statistic AS f
    JOIN ranged AS r ON r.statistic_id = f.statistic_id AND r.ref_area = f.ref_area AND r.unit_measure = f.unit_measure
                    AND r.unit_mult = coalesce(f.unit_mult, 0)
    WHERE f.obs_value NOT BETWEEN r.low AND r.high
      AND (f.dataset_id, f.statistic_id) NOT IN (
          SELECT (dataset_id, arguments ->> 'statistic_id') FROM statistic_issue
          WHERE rule IN ('rate_out_of_range', 'unit_contradicts_series') AND dataset_id IS NOT NULL
      )
),
candidate AS (
    SELECT DISTINCT r.unit_measure, u.power, u.minus, u.reading
    FROM ranged AS r
    JOIN unit_reading AS u ON regexp_matches(r.unit_measure, u.units)
),
fitting AS (
    SELECT o.dataset_id, o.statistic_id, o.unit_measure, c.reading, any_value(abs(o.power - c.power)) AS steps
    FROM outside AS o
    JOIN candidate AS c ON c.unit_measure = o.unit_measure AND (c.minus = 0 OR o.least < 0)
    GROUP BY ALL
    HAVING bool_and((o.obs_value - c.minus) * power(10, o.power - c.power) BETWEEN o.least AND o.most)
       AND (any_value(c.minus) <> 0 OR max(o.factor) >= tolerated('value_implausible', 'other_unit'))
),
nearest AS (
    SELECT dataset_id, statistic_id, unit_measure, arg_min(reading, (steps, reading)) AS reading
    FROM fitting
    GROUP BY ALL
),
worst AS (
    SELECT dataset_id, statistic_id, unit_measure, count(*) AS places,
           arg_min(outside, (-distance, source_file, source_row)) AS o
    FROM outside
    GROUP BY ALL
)
SELECT dataset_id, o.source_file, o.source_row AS line_number, 'obs_value' AS column_name,
       o.obs_value::VARCHAR AS source_value, places,
       CASE WHEN reading IS NOT NULL THEN 'value_implausible.unit' END AS message_id,
       {'statistic_id': statistic_id, 'n': places,
        'place': concat_ws(', ', o.ref_area, o.time_period, 'sex ' || nullif(o.sex, '_T'), 'age ' || nullif(o.age, '_T'),
                           'urbanisation ' || nullif(o.urbanisation, '_T'), nullif(o.other_breakdown, '_T')),
        'value': o.obs_value::VARCHAR, 'unit_measure': unit_measure, 'least': o.shown[1], 'most': o.shown[2],
        'source': o.source, 'reading': reading} AS arguments
FROM worst
LEFT JOIN nearest USING (dataset_id, statistic_id, unit_measure)
