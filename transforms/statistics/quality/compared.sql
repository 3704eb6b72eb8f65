-- One row per row of statistic_comparison, with where the first value stands; for the rules that compare data sets.
CREATE TEMP TABLE compared AS
SELECT f.dataset_id, o.dataset_id AS dataset_id_other, f.statistic_id, f.ref_area, f.time_period, f.obs_value,
       o.obs_value AS obs_value_other, o.obs_value - f.obs_value AS difference, o.obs_value / nullif(f.obs_value, 0) AS ratio,
       f.unit_measure, o.unit_measure AS unit_measure_other, f.source_file, f.source_row,
       concat('', ', sex ' || nullif(f.sex, '_T'), ', age ' || nullif(f.age, '_T'),
              ', urbanisation ' || nullif(f.urbanisation, '_T'), ', ' || nullif(f.other_breakdown, '_T')) AS breakdown
FROM fact_statistic AS f
JOIN fact_statistic AS o USING (
    statistic_id, ref_area, freq, sex, age, urbanisation, income_wealth_quantile, education_lev, disability_status,
    other_breakdown, time_period
)
WHERE f.dataset_id < o.dataset_id AND f.obs_value IS NOT NULL AND o.obs_value IS NOT NULL
