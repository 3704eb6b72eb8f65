-- One row per series × data set: which breakdowns are published, and over which periods. A breakdown counts if any figure
-- has a code other than _T: also in a series about one group only, such as deaths under five or births of women.
-- has_age: Whether figures by age are published.
-- has_sex: Whether figures by sex are published.
-- has_area_below_national: Whether figures of regions or districts are published.
-- has_urbanisation: Whether figures for town and country are published.
-- has_ethnicity: Whether figures by ethnicity are published.
-- has_socioeconomic: Whether figures by income, wealth or education are published.
-- has_disability: Whether figures by disability are published.
-- first_period: First period with an observation, as time_period of fact_statistic.
-- last_period: Last period with an observation.
-- observations: Observations published. Unit: observations.
SELECT f.statistic_id, f.dataset_id, bool_or(f.age <> '_T') AS has_age, bool_or(f.sex <> '_T') AS has_sex,
       bool_or(a.level > 0) AS has_area_below_national, bool_or(f.urbanisation <> '_T') AS has_urbanisation,
       bool_or(regexp_matches(f.other_breakdown, '(^|;)ETHNICITY=')) AS has_ethnicity,
       bool_or(f.income_wealth_quantile <> '_T' OR f.education_lev <> '_T') AS has_socioeconomic,
       bool_or(f.disability_status <> '_T') AS has_disability, min(f.time_period) AS first_period,
       max(f.time_period) AS last_period, count(*) AS observations
FROM fact_statistic AS f JOIN dim_area AS a USING (ref_area) GROUP BY f.statistic_id, f.dataset_id
