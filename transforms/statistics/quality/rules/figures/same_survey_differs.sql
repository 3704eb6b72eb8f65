-- One place per figure that two data sets take from one survey: the same name, and no other years of field work. Rounding
-- explains a difference of one unit of the last digit that the coarser of the two prints.
WITH figure AS (
    SELECT *, rowid AS figure, lower(survey) AS survey_name, coalesce(unit_measure, '') AS unit,
           coalesce(unit_mult, 0) AS multiplier,
           length(regexp_extract(printf('%.6f', obs_value), '\.(\d*[1-9])', 1)) AS decimals
    FROM fact_statistic
    WHERE survey IS NOT NULL AND obs_value IS NOT NULL
),
compared AS (
    SELECT f.figure, o.figure AS figure_other, f.dataset_id, o.dataset_id AS dataset_id_other, o.obs_value AS value_other,
           f.survey, coalesce(f.field_years, o.field_years) AS years,
           round(abs(o.obs_value - f.obs_value) * power(10, least(f.decimals, o.decimals)), 6) AS last_digits
    FROM figure AS f
    JOIN figure AS o USING (statistic_id, ref_area, freq, sex, age, urbanisation, income_wealth_quantile, education_lev,
                            disability_status, other_breakdown, time_period, unit, multiplier, survey_name)
    WHERE f.dataset_id < o.dataset_id AND coalesce(f.field_years = o.field_years, true)
)
SELECT [figure, figure_other] AS figures, last_digits AS badness, NULL AS message_id,
       {'dataset_id': dataset_id, 'other_dataset_id': dataset_id_other, 'other_value': value_other::VARCHAR,
        'survey': concat_ws(' ', survey, years)} AS arguments
FROM compared
WHERE last_digits > tolerated('same_survey_differs', 'last_digits')
