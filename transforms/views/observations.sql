-- One row per observation, with the names of its series, producer and area, whom it is about, and what it comes from.
-- statistic_name: dim_statistic.name
-- theme: dim_statistic.theme
-- area_name: dim_area.name
-- unit_measure: fact_statistic.unit_measure
-- unit_mult: fact_statistic.unit_mult
-- obs_status: fact_statistic.obs_status
-- source_kind: fact_statistic.source_kind
-- survey: fact_statistic.survey
-- field_years: fact_statistic.field_years
-- source_file: fact_statistic.source_file
-- source_row: fact_statistic.source_row
SELECT f.dataset_id, d.publisher, f.statistic_id, s.name AS statistic_name, s.theme, s.population, f.ref_area,
       a.name AS area_name, f.sex, f.age, f.urbanisation, f.income_wealth_quantile, f.education_lev,
       f.disability_status, f.other_breakdown, f.freq, f.time_period, f.obs_value, f.unit_measure, f.unit_mult,
       f.obs_status, f.nature, f.lower_bound, f.upper_bound, f.source_kind, f.survey, f.field_years, f.reporting_type,
       f.source_file, f.source_row
FROM fact_statistic AS f JOIN dim_dataset AS d USING (dataset_id) JOIN dim_statistic AS s USING (statistic_id)
JOIN dim_area AS a USING (ref_area)
