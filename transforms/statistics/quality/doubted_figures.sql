-- One row per figure × issue of a rule over figures.
INSERT INTO bridge_statistic_issue
SELECT f.dataset_id, f.statistic_id, freq, reporting_type, ref_area, sex, age, urbanisation, income_wealth_quantile,
       education_lev, disability_status, other_breakdown, time_period, issue_id
FROM doubted
JOIN numbered USING (cause)
JOIN fact_statistic AS f ON f.rowid = figure
ORDER BY ALL
