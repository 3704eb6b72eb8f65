-- One row per figure of fact_indicator, in the columns of SDMX-CSV 2.0 that the DSD of structures.py names. A figure
-- without a value (its denominator is zero) is NaN, which in SDMX-CSV means missing on purpose, with the status M of SDMX's
-- list. A count that an indicator does not have is an empty cell, which means an attribute left out.
SELECT t.frequency AS "FREQ", f.indicator_id AS "INDICATOR", f.plan_id AS "PLAN", f.agency_id AS "AGENCY",
       f.time_period AS "TIME_PERIOD", coalesce(f.value::VARCHAR, 'NaN') AS "OBS_VALUE", f.numerator AS "NUMERATOR",
       f.denominator AS "DENOMINATOR", f.excluded AS "EXCLUDED", f.without_evidence AS "WITHOUT_EVIDENCE",
       f.stale AS "STALE", f.self_dated AS "SELF_DATED",
       upper(regexp_replace(i.unit, '[^A-Za-z0-9]+', '_', 'g')) AS "UNIT_MEASURE",
       if(f.value IS NULL, 'M', f.obs_status) AS "OBS_STATUS", f.as_of AS "AS_OF"
FROM fact_indicator AS f JOIN dim_indicator AS i USING (indicator_id)
JOIN dim_time_period AS t USING (time_period)
ORDER BY f.indicator_id, f.plan_id, f.agency_id, f.time_period
