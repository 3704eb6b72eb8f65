-- One row per figure of fact_indicator, with the names of indicator, plan and agency. Agencies share activities, so their
-- rows do not add up to that of _T.
-- indicator_name: dim_indicator.name
-- plan_id: fact_indicator.plan_id
-- agency_id: fact_indicator.agency_id
-- as_of: fact_indicator.as_of
-- numerator: fact_indicator.numerator
-- denominator: fact_indicator.denominator
-- obs_status: fact_indicator.obs_status
-- unit: Unit of value; numerator and denominator have their own.
-- plan_title: Title of the plan; NULL for the total.
-- agency_name: Name of the agency; NULL for the total.
SELECT f.indicator_id, i.name AS indicator_name, f.plan_id, p.title AS plan_title, f.agency_id, g.name AS agency_name,
       f.time_period, f.as_of, f.numerator, f.denominator, f.excluded, f.without_evidence, f.stale, f.self_dated,
       f.value, i.unit, f.obs_status
FROM fact_indicator AS f JOIN dim_indicator AS i USING (indicator_id)
LEFT JOIN dim_plan AS p ON p.plan_id = f.plan_id
LEFT JOIN dim_agency AS g ON g.agency_id = f.agency_id
ORDER BY f.indicator_id, f.plan_id, f.agency_id, f.time_period
