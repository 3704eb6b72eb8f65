-- One row per activity that is asked about, second prints included: how it stands at the end of $as_of, and its agencies.
-- Parameters: as_of, agency_id, plan_id (NULL: all).
SELECT s.* EXCLUDE (activity_id), a.*, g.agencies
FROM activity_status($as_of::DATE) AS s JOIN dim_activity AS a ON a.activity_id = s.activity_id
JOIN (
    SELECT activity_id, list(abbreviation ORDER BY position) AS agencies, list(agency_id) AS agency_ids
    FROM bridge_activity_agency JOIN dim_agency USING (agency_id) GROUP BY activity_id
) AS g ON g.activity_id = a.activity_id
WHERE ($plan_id IS NULL OR a.plan_id = $plan_id) AND ($agency_id IS NULL OR list_contains(g.agency_ids, $agency_id))
