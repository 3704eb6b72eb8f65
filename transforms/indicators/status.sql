-- One row per activity that asks for attention as at $as_of, the most urgent first: overdue, due within 90 days, begun and
-- without a report for a year. Parameters: as_of, agency_id, plan_id (NULL: all).
SELECT CASE WHEN s.is_overdue THEN 'overdue'
            WHEN a.timeframe = 'dated' AND s.window_end_in_effect <= s.as_of + 90 THEN 'due within 90 days'
            ELSE 'not reported for a year' END AS attention,
       s.activity_id, s.days_overdue, s.window_end_in_effect AS window_end, a.timeframe, s.reported_status,
       s.last_reported_on, g.agencies, a.activity_text
FROM activity_status($as_of::DATE) AS s JOIN dim_activity AS a ON a.activity_id = s.activity_id
JOIN (
    SELECT activity_id, list(abbreviation ORDER BY position) AS agencies, list(agency_id) AS agency_ids
    FROM bridge_activity_agency JOIN dim_agency USING (agency_id) GROUP BY activity_id
) AS g ON g.activity_id = a.activity_id
WHERE a.duplicate_of IS NULL
  AND ($plan_id IS NULL OR a.plan_id = $plan_id)
  AND s.reported_status NOT IN ('completed', 'cancelled')
  AND (s.is_overdue
       OR (a.timeframe = 'dated' AND s.window_end_in_effect BETWEEN s.as_of AND s.as_of + 90)
       OR (s.timing <> 'upcoming' AND coalesce(s.last_reported_on, a.window_start) < s.as_of - INTERVAL 1 YEAR))
  AND ($agency_id IS NULL OR list_contains(g.agency_ids, $agency_id))
ORDER BY CASE attention WHEN 'overdue' THEN 1 WHEN 'due within 90 days' THEN 2 ELSE 3 END, s.window_end_in_effect, s.activity_id
