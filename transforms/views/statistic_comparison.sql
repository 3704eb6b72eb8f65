-- One row per series, area, breakdown and period that two data sets have, the data sets in alphabetical order. What a country
-- measures and what an agency estimates differ by method: nature and bounds of both tell which it is.
-- dataset_id: The first data set.
-- dataset_id_other: The second data set.
-- obs_value: Value in the first data set, never rescaled. Unit: unit_measure, times ten to the power of unit_mult.
-- obs_value_other: Value in the second data set, never rescaled. Unit: unit_measure_other, times ten to the power of
-- unit_mult_other.
-- difference: Second value less the first, to ten decimals; NULL where the units differ. Unit: unit_measure, times ten to the power
-- of unit_mult.
-- ratio: Second value over the first; NULL where the first is zero, or where the units differ. Unit: none.
-- unit_measure: Unit in the first data set.
-- unit_measure_other: Unit in the second data set.
-- unit_mult: Power of ten by which the first value is to be multiplied.
-- unit_mult_other: Power of ten by which the second value is to be multiplied.
-- nature: Nature of the first value.
-- nature_other: Nature of the second value.
-- lower_bound: Lower bound of the first value. Unit: unit_measure, times ten to the power of unit_mult.
-- upper_bound: Upper bound of the first value. Unit: unit_measure, times ten to the power of unit_mult.
-- lower_bound_other: Lower bound of the second value. Unit: unit_measure_other, times ten to the power of unit_mult_other.
-- upper_bound_other: Upper bound of the second value. Unit: unit_measure_other, times ten to the power of unit_mult_other.
-- publisher: Who published the first data set.
-- publisher_other: Who published the second data set.
-- source_kind: What the first figure comes from; NULL where its data set does not say.
-- source_kind_other: What the second figure comes from; NULL where its data set does not say.
-- survey: The survey or census that the first figure comes from; NULL where its data set names none.
-- survey_other: The survey or census that the second figure comes from; NULL where its data set names none.
-- field_years: Year or years of the field work of the first figure's survey; NULL where not stated.
-- field_years_other: Year or years of the field work of the second figure's survey; NULL where not stated.
-- issue_ids: Rows of quality_issue that doubt one of the two figures, or its unit; an empty list without any.
WITH figure AS (
${statistics/figures}
),
compared AS (
    SELECT f.* EXCLUDE (issue_ids), o.dataset_id AS dataset_id_other, o.obs_value AS obs_value_other,
           f.unit_measure IS NOT DISTINCT FROM o.unit_measure AND coalesce(f.unit_mult, 0) = coalesce(o.unit_mult, 0)
               AS has_one_unit,
           o.unit_measure AS unit_measure_other, o.unit_mult AS unit_mult_other, o.nature AS nature_other,
           o.source_kind AS source_kind_other, o.survey AS survey_other, o.field_years AS field_years_other,
           o.lower_bound AS lower_bound_other, o.upper_bound AS upper_bound_other,
           list_sort(list_distinct(list_concat(f.issue_ids, o.issue_ids))) AS issue_ids
    FROM figure AS f
    JOIN figure AS o USING (
        statistic_id, ref_area, freq, sex, age, urbanisation, income_wealth_quantile, education_lev, disability_status,
        other_breakdown, time_period
    )
    WHERE f.dataset_id < o.dataset_id
)
SELECT statistic_id, ref_area, freq, sex, age, urbanisation, income_wealth_quantile, education_lev, disability_status,
       other_breakdown, time_period, c.dataset_id, c.dataset_id_other, d.publisher, p.publisher AS publisher_other,
       obs_value, obs_value_other,
       CASE WHEN has_one_unit THEN round(obs_value_other - obs_value, 10) END AS difference,
       CASE WHEN has_one_unit THEN obs_value_other / nullif(obs_value, 0) END AS ratio,
       unit_measure, unit_measure_other, unit_mult, unit_mult_other, nature, nature_other, lower_bound, upper_bound,
       lower_bound_other, upper_bound_other, c.source_kind, source_kind_other, c.survey, survey_other, c.field_years,
       field_years_other, issue_ids
FROM compared AS c
JOIN dim_dataset AS d ON d.dataset_id = c.dataset_id
JOIN dim_dataset AS p ON p.dataset_id = c.dataset_id_other
