-- One row: how many activities there are, in which state as at $as_of, and how many reports are known by then. Parameters as
-- in status.sql.
SELECT count(*) AS activities,
       count(*) FILTER (WHERE a.timeframe = 'dated') AS dated,
       count(*) FILTER (WHERE s.reported_status = 'completed') AS completed,
       count(*) FILTER (WHERE s.reported_status IN ('in_progress', 'substantially_completed', 'delivered')) AS under_way,
       count(*) FILTER (WHERE s.reported_status IN ('not_started', 'suspended', 'cancelled')) AS not_under_way,
       count(*) FILTER (WHERE s.reported_status = 'no_evidence') AS without_evidence,
       count(*) FILTER (WHERE s.is_overdue) AS overdue,
       count(*) FILTER (WHERE s.is_overdue AND s.reported_status = 'no_evidence') AS overdue_without_evidence,
       (SELECT count(*) FROM fact_progress WHERE reported_on <= $as_of::DATE) AS reports,
       (SELECT count(*) FROM rejected_row) AS rejected
FROM activity_status($as_of::DATE) AS s
JOIN dim_activity AS a ON a.activity_id = s.activity_id
WHERE a.duplicate_of IS NULL
  AND ($plan_id IS NULL OR a.plan_id = $plan_id)
  AND ($agency_id IS NULL
       OR a.activity_id IN (SELECT activity_id FROM bridge_activity_agency WHERE agency_id = $agency_id))
