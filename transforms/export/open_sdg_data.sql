-- One row per figure of a year, in the columns of an Open SDG data file, after the indicator whose file it belongs to.
-- Open SDG has years only; a total and a missing value are empty cells.
SELECT f.indicator_id, f.time_period AS "Year", nullif(f.plan_id, '_T') AS "PLAN",
       nullif(f.agency_id, '_T') AS "AGENCY", f.value::VARCHAR AS "Value"
FROM fact_indicator AS f JOIN dim_time_period AS t USING (time_period)
WHERE t.frequency = 'A'
ORDER BY f.indicator_id, f.plan_id <> '_T', f.plan_id, f.agency_id <> '_T', f.agency_id, f.time_period
