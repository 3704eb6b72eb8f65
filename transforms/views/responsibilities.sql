-- One row per activity × agency responsible, second prints left out.
-- agency_id: dim_agency.agency_id
-- position: bridge_activity_agency.position
-- agency_name: dim_agency.name
-- plan_id: dim_plan.plan_id
SELECT a.activity_id, b.agency_id, b.position, b.is_lead, g.abbreviation, g.name AS agency_name, g.agency_type, g.is_collective,
       a.plan_id, a.measure_id, a.activity_text, a.expected_result, a.timeframe, a.window_start, a.window_end, b.token
FROM bridge_activity_agency AS b JOIN dim_activity AS a USING (activity_id)
JOIN dim_agency AS g USING (agency_id)
WHERE a.duplicate_of IS NULL ORDER BY a.activity_id, b.position
