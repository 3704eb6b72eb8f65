-- One row per activity × linked series × observation; one row without an observation where no data set has the series.
-- The columns of the observation are NULL in that row.
-- plan_id: dim_plan.plan_id
-- statistic_name: dim_statistic.name
-- unit_measure: fact_statistic.unit_measure
-- unit_mult: fact_statistic.unit_mult
-- obs_status: fact_statistic.obs_status
SELECT l.activity_id, a.plan_id, a.activity_text,
       l.statistic_id, s.name AS statistic_name, l.relevance, l.rationale, s.sdg_indicator, f.dataset_id, f.ref_area,
       f.sex, f.age, f.urbanisation, f.income_wealth_quantile, f.education_lev, f.disability_status, f.other_breakdown,
       f.time_period, f.obs_value, f.unit_measure, f.unit_mult, f.obs_status,
       f.issue_ids
FROM bridge_activity_statistic AS l JOIN dim_activity AS a USING (activity_id)
JOIN dim_statistic AS s USING (statistic_id) LEFT JOIN (
${statistics/figures}
) AS f USING (statistic_id)
