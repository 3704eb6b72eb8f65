-- One place per series of a rate in an area, by sex or by place of residence. The weight of the first part is (total - second)
-- / (first - second): the share of men, or of town, in the population, which is steady over the years. Parts are exchanged in
-- some periods if the weights of these, taken from 1, are as steady as, and only then like, those of the others. Periods whose
-- total lies outside its parts, or one of whose figures is doubted for itself, have no weight. The weights of other data sets,
-- in any period, show which periods are wrong: then only the figures of these are doubted.
WITH apart AS (
    SELECT p.*, (whole - second) / (first - second) AS weight, weight < 0.5 AS is_low, least(weight, 1 - weight) AS lesser,
           first_value(figures[1]) OVER (
               PARTITION BY dataset_id, statistic_id, freq, reporting_type, ref_area, age, income_wealth_quantile,
                            education_lev, disability_status, other_breakdown, unit_measure, unit_mult, other, breakdown
               ORDER BY time_period
           ) AS series
    FROM parts AS p
    LEFT JOIN unit_bound AS b USING (unit_measure)
    WHERE abs(first - second) > tolerated('parts_exchanged', 'apart') * greatest(abs(first), abs(second))
      AND whole IS NOT NULL AND (b.least IS NULL OR b.most IS NOT NULL)
      AND NOT EXISTS (FROM doubted AS d WHERE d.figure = p.figures[1])
      AND NOT EXISTS (FROM doubted AS d WHERE d.figure = p.figures[2])
      AND NOT EXISTS (FROM doubted AS d WHERE d.figure = p.figures[3])
),
weighed AS (
    SELECT *
    FROM apart
    QUALIFY weight BETWEEN 0 AND 1
        AND avg((weight BETWEEN 0 AND 1)::TINYINT) OVER (PARTITION BY series)
            >= tolerated('parts_exchanged_between_periods', 'weighed')
),
usual AS (
    SELECT series, median(lesser) AS usual, arg_min(is_low, time_period) AS is_low_first
    FROM weighed
    GROUP BY series
    HAVING count(*) >= tolerated('parts_exchanged_between_periods', 'periods') AND bool_or(is_low) AND NOT bool_and(is_low)
       AND usual <= 0.5 - tolerated('parts_exchanged_between_periods', 'apart') / 2
),
steady AS (
    SELECT series
    FROM weighed JOIN usual USING (series)
    GROUP BY series
    HAVING max(abs(lesser - usual)) <= tolerated('parts_exchanged_between_periods', 'unsteady')
),
other AS (
    SELECT w.series, any_value(o.is_low) AS is_low, string_agg(DISTINCT o.dataset_id, ', ' ORDER BY o.dataset_id) AS dataset_id,
           string_agg(printf('%.2f', o.weight), ', ' ORDER BY o.dataset_id, o.time_period) AS weights,
           string_agg(o.time_period, ', ' ORDER BY o.dataset_id, o.time_period) AS periods
    FROM (SELECT DISTINCT ON (series) * FROM weighed SEMI JOIN steady USING (series) ORDER BY series, time_period) AS w
    JOIN usual AS u USING (series)
    JOIN weighed AS o USING (statistic_id, freq, ref_area, age, income_wealth_quantile, education_lev, disability_status,
                             other_breakdown, other, breakdown)
    WHERE w.dataset_id <> o.dataset_id
    GROUP BY w.series
    HAVING bool_and(o.is_low AND abs(o.lesser - u.usual) <= tolerated('parts_exchanged_between_periods', 'unsteady'))
        OR bool_and(NOT o.is_low AND abs(o.lesser - u.usual) <= tolerated('parts_exchanged_between_periods', 'unsteady'))
),
sided AS (
    SELECT w.*, o.dataset_id AS dataset_id_other, o.weights AS weights_other, o.periods AS periods_other,
           w.is_low = coalesce(NOT o.is_low, u.is_low_first) AS is_side, u.usual
    FROM weighed AS w SEMI JOIN steady USING (series) JOIN usual AS u USING (series) LEFT JOIN other AS o USING (series)
)
SELECT flatten(list([figures[1], figures[2]] ORDER BY NOT is_side, time_period)
               FILTER (is_side OR dataset_id_other IS NULL)) AS figures, 0.5 - any_value(usual) AS badness,
       CASE WHEN any_value(dataset_id_other) IS NOT NULL THEN 'parts_exchanged_between_periods.other_dataset' END AS message_id,
       {'place': concat_ws(', ', any_value(ref_area), nullif(any_value(other), '_T'), nullif(any_value(age), '_T')),
        'value': NULL, 'breakdown': any_value(breakdown), 'first_code': any_value(one), 'second_code': any_value(two),
        'weights': string_agg(printf('%.2f', weight), ', ' ORDER BY time_period) FILTER (is_side),
        'periods': string_agg(time_period, ', ' ORDER BY time_period) FILTER (is_side),
        'other_weights': string_agg(printf('%.2f', weight), ', ' ORDER BY time_period) FILTER (NOT is_side),
        'other_periods': string_agg(time_period, ', ' ORDER BY time_period) FILTER (NOT is_side),
        'other_dataset_id': any_value(dataset_id_other), 'dataset_weights': any_value(weights_other),
        'dataset_periods': any_value(periods_other)} AS arguments
FROM sided
GROUP BY series
