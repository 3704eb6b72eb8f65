-- One row per series × data set: by which breakdowns it has values. What the columns are, disaggregation_coverage says.
WITH period AS (
    SELECT f.statistic_id, f.dataset_id, f.time_period,
           min(f.age) FILTER (f.obs_value IS NOT NULL) <> max(f.age) FILTER (f.obs_value IS NOT NULL) AS has_age,
           min(f.sex) FILTER (f.obs_value IS NOT NULL) <> max(f.sex) FILTER (f.obs_value IS NOT NULL) AS has_sex,
           bool_or(f.obs_value IS NOT NULL
                   AND (a.level > 0
                        OR regexp_matches(f.other_breakdown, '(^|;)[^=;]*(region|oblast|district|област|регион|район)[^=;]*=', 'i')
                        OR regexp_matches(f.other_breakdown, '(^|;)[^=;]*(вилоят|минтақа|ноҳия)[^=;]*=', 'i'))
                  ) AS has_area_below_national,
           bool_or(f.urbanisation <> '_T' AND f.obs_value IS NOT NULL) AS has_urbanisation,
           bool_or(f.other_breakdown <> '_T' AND f.obs_value IS NOT NULL
                   AND regexp_matches(f.other_breakdown, '(^|;)[^=;]*(ethnic|этнич|национальн|миллат)[^=;]*=', 'i')
                  ) AS has_ethnicity,
           bool_or(f.income_wealth_quantile <> '_T' AND f.obs_value IS NOT NULL) AS has_wealth,
           bool_or(f.education_lev <> '_T' AND f.obs_value IS NOT NULL) AS has_education,
           bool_or(f.disability_status <> '_T' AND f.obs_value IS NOT NULL) AS has_disability, count(*) AS observations
    FROM fact_statistic AS f JOIN dim_area AS a USING (ref_area) GROUP BY f.statistic_id, f.dataset_id, f.time_period
)
SELECT p.statistic_id, p.dataset_id, d.publisher, coalesce(bool_or(has_age), false) AS has_age,
       coalesce(bool_or(has_sex), false) AS has_sex, bool_or(has_area_below_national) AS has_area_below_national,
       bool_or(has_urbanisation) AS has_urbanisation, bool_or(has_ethnicity) AS has_ethnicity,
       bool_or(has_wealth OR has_education) AS has_socioeconomic, bool_or(has_wealth) AS has_wealth,
       bool_or(has_education) AS has_education, bool_or(has_disability) AS has_disability,
       min(time_period) AS first_period, max(time_period) AS last_period,
       sum(p.observations)::BIGINT AS observations
FROM period AS p JOIN dim_dataset AS d USING (dataset_id) GROUP BY p.statistic_id, p.dataset_id, d.publisher
