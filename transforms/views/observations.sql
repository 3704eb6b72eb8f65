-- One row per observation, with the names of its series, producer, area and quintile, and what it comes from.
-- statistic_name: Name of the series.
-- area_name: Name of the area.
-- source_kind: What the figure comes from, where dataset.toml says so.
-- survey: The survey or census that it comes from, where the source names it.
-- field_years: Year or years of the survey's field work, where stated.
SELECT f.dataset_id, d.publisher, f.statistic_id, s.name AS statistic_name, s.theme, s.population, f.ref_area,
       a.name AS area_name, f.sex, f.age, f.urbanisation, f.income_wealth_quantile, f.education_lev,
       f.disability_status, f.other_breakdown, f.freq, f.time_period, f.obs_value, f.unit_measure, f.unit_mult,
       f.obs_status, f.nature, f.lower_bound, f.upper_bound, f.source_kind, f.survey, f.field_years, f.reporting_type,
       f.source_file, f.source_row
FROM fact_statistic AS f JOIN dim_dataset AS d USING (dataset_id) JOIN dim_statistic AS s USING (statistic_id)
JOIN dim_area AS a USING (ref_area)
