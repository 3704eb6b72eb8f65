-- One row per data set, series and unit, with the value that is farthest outside and the number of all; not for a series that
-- rate_out_of_range or unit_contradicts_series speaks of. Outside: below half the least or above twice the most that the
-- source of the range has (tolerance `margin`), of a change or a definition below the least or above the most. Where all these
-- values would lie between least and most, without a margin, in another unit of unit_readings.csv, the nearest such unit is named.
WITH outside AS (
    SELECT f.*, r.power, r.least, r.most, r.low, r.high, r.source,
           greatest(r.low - f.obs_value, f.obs_value - r.high) AS distance
    FROM fact_statistic AS f
    JOIN ranged AS r ON r.statistic_id = f.statistic_id AND r.ref_area = f.ref_area AND r.unit_measure = f.unit_measure
                    AND r.unit_mult = coalesce(f.unit_mult, 0)
    WHERE f.obs_value NOT BETWEEN r.low AND r.high
),
fitting AS (
    SELECT dataset_id, statistic_id, unit_measure, arg_min(reading, (steps, reading)) AS reading
    FROM (
        SELECT o.dataset_id, o.statistic_id, o.unit_measure, u.reading, min(abs(o.power - u.power)) AS steps
        FROM outside AS o
        JOIN unit_reading AS u ON regexp_matches(o.unit_measure, u.units) AND (u.minus = 0 OR o.least < 0)
        GROUP BY ALL
        HAVING bool_and((o.obs_value - u.minus) * power(10, o.power - u.power) BETWEEN o.least AND o.most)
    )
    GROUP BY ALL
)
SELECT o.dataset_id, o.source_file, o.source_row AS line_number, 'obs_value' AS column_name, o.obs_value::VARCHAR AS source_value,
       count(*) OVER series AS places, CASE WHEN f.reading IS NOT NULL THEN 'value_implausible.unit' END AS message_id,
       {'statistic_id': o.statistic_id, 'n': places,
        'place': concat_ws(', ', o.ref_area, o.time_period, 'sex ' || nullif(o.sex, '_T'), 'age ' || nullif(o.age, '_T'),
                           'urbanisation ' || nullif(o.urbanisation, '_T'), nullif(o.other_breakdown, '_T')),
        'value': o.obs_value::VARCHAR, 'unit_measure': o.unit_measure, 'least': round(o.low, 6)::VARCHAR,
        'most': round(o.high, 6)::VARCHAR, 'source': o.source, 'reading': f.reading} AS arguments
FROM outside AS o
LEFT JOIN fitting AS f USING (dataset_id, statistic_id, unit_measure)
WHERE NOT EXISTS (FROM statistic_issue AS i
                  WHERE i.rule IN ('rate_out_of_range', 'unit_contradicts_series') AND i.dataset_id = o.dataset_id
                    AND i.arguments ->> 'statistic_id' = o.statistic_id)
WINDOW series AS (PARTITION BY o.dataset_id, o.statistic_id, o.unit_measure)
QUALIFY row_number() OVER (series ORDER BY o.distance DESC, o.source_file, o.source_row) = 1
