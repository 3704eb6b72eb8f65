-- One row per series, area, breakdown and period that two data sets have, the data sets in alphabetical order.
-- dataset_id: The first data set.
-- dataset_id_other: The second data set.
-- obs_value: Value in the first data set, never rescaled. Unit: unit_measure, times ten to the power of unit_mult.
-- obs_value_other: Value in the second data set, never rescaled. Unit: unit_measure_other, times ten to the power of
-- unit_mult_other.
-- difference: Second value less the first. Unit: unit_measure, times ten to the power of unit_mult.
-- ratio: Second value over the first; NULL where the first is zero. Unit: none.
-- unit_measure: Unit in the first data set.
-- unit_measure_other: Unit in the second data set.
-- unit_mult: Power of ten by which the first value is to be multiplied.
-- unit_mult_other: Power of ten by which the second value is to be multiplied.
SELECT f.statistic_id, f.ref_area, f.freq,
       f.sex, f.age, f.urbanisation, f.income_wealth_quantile, f.education_lev, f.disability_status, f.other_breakdown,
       f.time_period, f.dataset_id, o.dataset_id AS dataset_id_other, f.obs_value, o.obs_value AS obs_value_other,
       o.obs_value - f.obs_value AS difference, o.obs_value / nullif(f.obs_value, 0) AS ratio,
       f.unit_measure, o.unit_measure AS unit_measure_other, f.unit_mult, o.unit_mult AS unit_mult_other
FROM fact_statistic AS f
JOIN fact_statistic AS o USING (
    statistic_id, ref_area, freq, sex, age, urbanisation, income_wealth_quantile, education_lev, disability_status,
    other_breakdown, time_period
)
WHERE f.dataset_id < o.dataset_id
