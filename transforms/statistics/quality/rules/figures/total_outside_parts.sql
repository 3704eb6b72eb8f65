-- One place per total by sex or by place of residence. The total of a rate lies between those of its parts, that of a number is
-- not less than their sum, but for rounding. By unit_bounds.csv, units with a least and a most are of rates, those with a
-- least alone of numbers. In any other unit, and in one that unit_contradicts_series doubts, a total may be either.
WITH judged AS (
    SELECT p.*, b.least IS NOT NULL AND d.unit_measure IS NULL AS is_known, is_known AND b.most IS NULL AS is_number,
           greatest(abs(first), abs(second)) AS largest,
           largest * tolerated('total_outside_parts', 'relative') + tolerated('total_outside_parts', 'absolute') AS slack,
           greatest(least(first, second) - whole, whole - greatest(first, second)) AS outside, first + second - whole AS missing
    FROM parts AS p
    LEFT JOIN unit_bound AS b USING (unit_measure)
    LEFT JOIN doubted_unit AS d USING (dataset_id, statistic_id, unit_measure)
    WHERE whole IS NOT NULL
)
SELECT [figures[3], figures[1], figures[2]] AS figures,
       CASE WHEN is_number THEN missing ELSE outside END / nullif(largest, 0) AS badness,
       CASE WHEN is_number THEN 'total_outside_parts.number'
            WHEN NOT is_known THEN 'total_outside_parts.either'
            WHEN abs(missing) <= tolerated('total_outside_parts', 'sum') * abs(whole) THEN 'total_outside_parts.sum'
       END AS message_id,
       {'first_value': first::VARCHAR, 'breakdown': breakdown, 'first_code': one, 'second_value': second::VARCHAR,
        'second_code': two} AS arguments
FROM judged
WHERE (is_number OR outside > slack) AND ((is_known AND NOT is_number) OR missing > slack)
