-- One row per series × data set: which breakdowns are published, and over which periods.
-- has_age: Whether figures of several ages are published for one period; not where the series is about one age group only.
-- has_sex: Whether figures of several sexes are published for one period; not where the series is about women only.
-- has_area_below_national: Whether figures of regions or districts are published.
-- has_urbanisation: Whether figures for town and country are published.
-- has_ethnicity: Whether figures by ethnicity are published: other_breakdown has a concept whose name says so.
-- has_socioeconomic: Whether figures by wealth or education are published.
-- has_wealth: Whether figures by wealth or income are published.
-- has_education: Whether figures by level of education are published: of people, or the level of school that is counted.
-- has_disability: Whether figures of people with disabilities are published.
-- first_period: First period published.
-- last_period: Last period published.
-- periods: Periods published.
-- observations: Observations published.
WITH period AS (
    SELECT f.statistic_id, f.dataset_id, f.time_period, min(f.age) <> max(f.age) AS has_age,
           min(f.sex) <> max(f.sex) AS has_sex, bool_or(a.level > 0) AS has_area_below_national,
           bool_or(f.urbanisation <> '_T') AS has_urbanisation,
           bool_or(f.other_breakdown <> '_T'
                   AND regexp_matches(f.other_breakdown, '(^|;)[^=;]*(ethnic|этнич|национальн|миллат)[^=;]*=', 'i')
                  ) AS has_ethnicity,
           bool_or(f.income_wealth_quantile <> '_T') AS has_wealth, bool_or(f.education_lev <> '_T') AS has_education,
           bool_or(f.disability_status <> '_T') AS has_disability, count(*) AS observations
    FROM fact_statistic AS f JOIN dim_area AS a USING (ref_area) GROUP BY f.statistic_id, f.dataset_id, f.time_period
)
SELECT p.statistic_id, p.dataset_id, d.publisher, bool_or(has_age) AS has_age, bool_or(has_sex) AS has_sex,
       bool_or(has_area_below_national) AS has_area_below_national, bool_or(has_urbanisation) AS has_urbanisation,
       bool_or(has_ethnicity) AS has_ethnicity, bool_or(has_wealth OR has_education) AS has_socioeconomic,
       bool_or(has_wealth) AS has_wealth, bool_or(has_education) AS has_education,
       bool_or(has_disability) AS has_disability, min(time_period) AS first_period, max(time_period) AS last_period,
       count(*) AS periods, sum(observations)::BIGINT AS observations
FROM period AS p JOIN dim_dataset AS d USING (dataset_id) GROUP BY p.statistic_id, p.dataset_id, d.publisher
