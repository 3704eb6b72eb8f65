-- One row per two parts that a series is broken down into, by sex or by place of residence (code `one` or `two`), with their
-- total, if there is one in the same unit. `other` is the code of the other of these two breakdowns; `figures` are rowids of
-- fact_statistic: first part, second part, total. Within a quantile, town and country have no total: some surveys rank the
-- households of town, of country and of both each by themselves, so that the poorest of both are not those of the two.
CREATE TEMP TABLE parts AS
SELECT dataset_id, statistic_id, freq, reporting_type, ref_area, age, income_wealth_quantile, education_lev,
       disability_status, other_breakdown, time_period, unit_measure, coalesce(unit_mult, 0) AS unit_mult, other, breakdown,
       one, two, any_value(obs_value) FILTER (code = '_T' AND has_total) AS whole,
       any_value(obs_value) FILTER (code = one) AS first, any_value(obs_value) FILTER (code = two) AS second,
       [any_value(figure) FILTER (code = one), any_value(figure) FILTER (code = two),
        any_value(figure) FILTER (code = '_T')] AS figures
FROM (
    SELECT *, rowid AS figure, 'sex' AS breakdown, sex AS code, 'M' AS one, 'F' AS two, urbanisation AS other,
           true AS has_total
    FROM fact_statistic
    WHERE sex IN ('_T', 'M', 'F') AND obs_value IS NOT NULL
    UNION ALL
    SELECT *, rowid, 'urbanisation', urbanisation, 'U', 'R', sex, income_wealth_quantile = '_T'
    FROM fact_statistic
    WHERE urbanisation IN ('_T', 'U', 'R') AND obs_value IS NOT NULL
)
GROUP BY ALL
HAVING first IS NOT NULL AND second IS NOT NULL
