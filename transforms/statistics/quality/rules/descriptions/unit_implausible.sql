-- One row per data set, series and unit in which values lie outside the plausible range of the series, and in another unit of
-- unit_readings.csv none would, those outside even without a margin: with the value that is farthest outside, and the nearest
-- such unit. One value at least is far enough outside (tolerance `other_unit`). Not for a unit that an earlier rule doubts.
WITH judged AS (
    SELECT *, greatest(low - obs_value, obs_value - high) AS distance,
           greatest(obs_value / nullif(most, 0), least / nullif(obs_value, 0)) AS factor
    FROM ranged_figures
    WHERE shift IS NOT NULL
),
worst AS (
    SELECT *, count(*) OVER of_unit AS places
    FROM judged
    WHERE distance > 0
    WINDOW of_unit AS (PARTITION BY dataset_id, statistic_id, unit_measure)
    QUALIFY row_number() OVER (of_unit ORDER BY distance DESC, source_file, source_row) = 1
),
candidate AS (
    SELECT DISTINCT w.unit_measure, u.power AS other_power, u.minus, u.reading
    FROM worst AS w
    JOIN unit_reading AS u ON regexp_matches(w.unit_measure, u.units)
),
read AS (
    SELECT j.*, c.minus, c.reading, abs(j.power - c.other_power) AS steps,
           (j.obs_value - c.minus) * power(10, j.power - c.other_power) AS value_read
    FROM judged AS j
    JOIN candidate AS c ON c.unit_measure = j.unit_measure AND (c.minus = 0 OR j.least < 0)
),
fitting AS (
    SELECT dataset_id, statistic_id, unit_measure, reading, any_value(steps) AS steps
    FROM read
    GROUP BY ALL
    HAVING bool_and(value_read BETWEEN least AND most OR (distance <= 0 AND value_read BETWEEN low AND high))
       AND (any_value(minus) <> 0 OR max(factor) >= tolerated('value_implausible', 'other_unit'))
)
SELECT w.dataset_id, w.statistic_id, w.source_file, w.source_row AS line_number, 'unit_measure' AS column_name,
       w.unit_measure AS source_value, w.places,
       {'statistic_id': w.statistic_id, 'n': w.places, 'place': place_of(w), 'value': w.obs_value::VARCHAR,
        'unit_measure': w.unit_measure, 'least': w.shown[1], 'most': w.shown[2], 'source_least': w.shown[3],
        'source_most': w.shown[4], 'source': w.source, 'reading': n.reading} AS arguments
FROM worst AS w
JOIN (
    SELECT dataset_id, statistic_id, unit_measure, arg_min(reading, (steps, reading)) AS reading FROM fitting GROUP BY ALL
) AS n USING (dataset_id, statistic_id, unit_measure)
