-- One row per published series about children × breakdown that an activity asks for and no data set has values of. A ratio of
-- two groups (unit RO) is left out: it is no figure to break down.
-- statistic_name: dim_statistic.name
-- theme: dim_statistic.theme
-- breakdown: Breakdown that activities ask for, and that no data set has.
-- activity_ids: Activities that ask for the breakdown.
-- publishers: Who publishes the series, without the breakdown.
-- only_group: The one code of the breakdown that all values have, where the series is about no other: F, Y0T4.
-- first_period: First period with an observation, as time_period of fact_statistic.
-- last_period: Last period with an observation.
WITH coverage AS (
${statistics/coverage}
),
asked AS (
    SELECT breakdown, string_agg(activity_id, ', ' ORDER BY activity_id) AS activity_ids
    FROM bridge_activity_breakdown
    GROUP BY breakdown
),
published AS (
    SELECT statistic_id, string_agg(DISTINCT publisher, '; ' ORDER BY publisher) AS publishers,
           min(first_period) AS first_period, max(last_period) AS last_period,
           unnest([
               {'breakdown': 'age', 'has_it': bool_or(has_age)}, {'breakdown': 'sex', 'has_it': bool_or(has_sex)},
               {'breakdown': 'region', 'has_it': bool_or(has_area_below_national)},
               {'breakdown': 'residence', 'has_it': bool_or(has_urbanisation)},
               {'breakdown': 'wealth', 'has_it': bool_or(has_wealth)},
               {'breakdown': 'education', 'has_it': bool_or(has_education)},
               {'breakdown': 'ethnicity', 'has_it': bool_or(has_ethnicity)},
               {'breakdown': 'disability', 'has_it': bool_or(has_disability)}
           ], recursive := true)
    FROM coverage
    GROUP BY statistic_id
),
one_group AS (
    SELECT statistic_id, CASE WHEN min(sex) = max(sex) THEN nullif(min(sex), '_T') END AS sex,
           CASE WHEN min(age) = max(age) THEN nullif(min(age), '_T') END AS age,
           bool_and(coalesce(unit_measure, '') = 'RO') AS is_ratio
    FROM fact_statistic
    GROUP BY statistic_id
)
SELECT p.statistic_id, s.name AS statistic_name, s.theme, s.population, p.breakdown, a.activity_ids, p.publishers,
       CASE p.breakdown WHEN 'sex' THEN g.sex WHEN 'age' THEN g.age END AS only_group, p.first_period, p.last_period
FROM published AS p
JOIN asked AS a USING (breakdown)
JOIN dim_statistic AS s USING (statistic_id)
JOIN one_group AS g USING (statistic_id)
WHERE NOT p.has_it AND NOT g.is_ratio AND s.population IN ('children', 'younger_children', 'older_children')
