-- One row per series, area, breakdown and period that two data sets have, the data sets in alphabetical order. What a country
-- measures and what an agency estimates differ by method: nature and bounds of both tell which it is.
-- dataset_id_other: The second data set.
-- obs_value_other: Value in the second data set.
-- difference: Second value less the first; NULL where unit_measure or unit_mult differ.
-- ratio: Second value over the first; NULL where the first is zero, or where unit_measure or unit_mult differ.
-- unit_measure_other: Unit in the second data set.
-- unit_mult_other: Power of ten in the second data set.
-- nature_other: Nature of the data point in the second data set.
-- lower_bound_other: Lower bound in the second data set.
-- upper_bound_other: Upper bound in the second data set.
-- publisher_other: Who published the second data set.
-- source_kind: What the first figure comes from, where its data set says so.
-- source_kind_other: What the second figure comes from.
-- survey: The survey or census that the first figure comes from, where named.
-- survey_other: That of the second figure.
-- field_years: Year or years of that survey's field work, where stated.
-- field_years_other: Those of the second figure's survey.
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
       CASE WHEN has_one_unit THEN obs_value_other - obs_value END AS difference,
       CASE WHEN has_one_unit THEN obs_value_other / nullif(obs_value, 0) END AS ratio,
       unit_measure, unit_measure_other, unit_mult, unit_mult_other, nature, nature_other, lower_bound, upper_bound,
       lower_bound_other, upper_bound_other, c.source_kind, source_kind_other, c.survey, survey_other, c.field_years,
       field_years_other, issue_ids
FROM compared AS c
JOIN dim_dataset AS d ON d.dataset_id = c.dataset_id
JOIN dim_dataset AS p ON p.dataset_id = c.dataset_id_other
