-- One row per activity × day of `days`: how it stood at the end of that day, by the reports received and the decisions taken
-- by `known`. Contract §5: the state follows from the own reports of all who answer for it, in whatever order they come; a
-- decision of the approving body cancels it or moves its end. A second print has no reports and is never overdue.
-- parameters: days, known
WITH asked AS MATERIALIZED (SELECT unnest(list_distinct(days::DATE[])) AS asked_on),
own AS MATERIALIZED (FROM respondent_status_on(days, known)),
-- `decided`: one row per activity × day by which there is a decision.
decided AS MATERIALIZED (
    SELECT x.activity_id, d.asked_on, bool_or(x.decision_kind = 'cancelled') AS is_cancelled, max(x.new_end) AS new_end
    FROM asked AS d JOIN activity_decision AS x ON x.decided_on <= d.asked_on
    WHERE x.decided_on <= known::DATE GROUP BY x.activity_id, d.asked_on
),
-- `answer`: one row per activity × day, with what those say who answer for it, and the last report among theirs.
answer AS MATERIALIZED (
    SELECT activity_id, judged_on, max(last_reported_on) AS last_reported_on,
           list(reported_status) FILTER (WHERE is_counted AND reported_status <> 'no_evidence') AS said,
           min(percent_complete) FILTER (WHERE is_counted) AS percent_complete,
           max(completed_on) FILTER (WHERE is_counted) AS completed_on,
           max({'period': time_period, 'reported_on': reported_on, 'effective_on': effective_on})
               FILTER (WHERE is_counted AND reported_status <> 'no_evidence') AS last_report,
           bool_and(reported_status = 'completed') FILTER (WHERE is_counted) AS completed_by_all,
           bool_or(reported_status = 'completed') FILTER (WHERE is_counted) AS completed_by_any,
           count(*) FILTER (WHERE claims_cancellation) AS claims
    FROM own GROUP BY activity_id, judged_on
),
state AS MATERIALIZED (
    SELECT a.activity_id, a.plan_id, a.timeframe, a.duplicate_of, a.window_start, d.asked_on,
           coalesce(x.new_end, a.window_end) AS window_end, coalesce(x.is_cancelled, false) AS is_cancelled, w.said,
           CASE WHEN x.is_cancelled THEN 'cancelled' WHEN w.said IS NULL THEN 'no_evidence'
                WHEN list_has_all(['completed'], w.said) THEN 'completed'
                WHEN list_has_all(['completed', 'substantially_completed'], w.said) THEN 'substantially_completed'
                WHEN a.timeframe = 'continuous' AND list_has_all(['completed', 'delivered'], w.said) THEN 'delivered'
                WHEN list_has_all(['not_started'], w.said) THEN 'not_started'
                WHEN list_has_all(['not_started', 'suspended'], w.said) THEN 'suspended' ELSE 'in_progress' END AS status,
           w.last_reported_on, w.percent_complete, w.completed_on, w.last_report, w.completed_by_all, w.completed_by_any,
           w.claims
    FROM dim_activity AS a CROSS JOIN asked AS d
    LEFT JOIN decided AS x ON x.activity_id = a.activity_id AND x.asked_on = d.asked_on
    LEFT JOIN answer AS w ON w.activity_id = a.activity_id AND w.judged_on = d.asked_on
),
-- `awaiting`: one row per activity × day after its window on which the report about its last period may still come.
awaiting AS MATERIALIZED (
    SELECT s.activity_id, s.asked_on, p.time_period
    FROM state AS s JOIN dim_reporting_period AS p ON p.plan_id = s.plan_id
     AND p.time_period IN (year(s.window_end)::VARCHAR,
                           year(s.window_end) || CASE WHEN month(s.window_end) <= 6 THEN '-S1' ELSE '-S2' END)
    WHERE s.timeframe = 'dated' AND s.duplicate_of IS NULL AND s.asked_on > s.window_end AND s.asked_on <= p.due_on
      AND s.status NOT IN ('completed', 'cancelled')
      AND s.activity_id IN (SELECT b.activity_id FROM bridge_activity_agency AS b
                            JOIN dim_agency AS g ON g.agency_id = b.agency_id AND NOT g.is_collective)
),
-- Of these, those about whose last period somebody has reported.
answered AS MATERIALIZED (
    SELECT w.activity_id, w.asked_on
    FROM awaiting AS w JOIN fact_progress AS p ON p.activity_id = w.activity_id AND p.time_period = w.time_period
    WHERE p.effective_on <= w.asked_on AND coalesce(p.received_on, p.reported_on) <= known::DATE
),
-- `missing`: of each activity, the latest period whose report fell due before the day and is not there.
unfilled AS MATERIALIZED (
    SELECT activity_id, due_on, max(time_period) AS time_period
    FROM reporting_slots(known) WHERE NOT is_filled GROUP BY activity_id, due_on
),
missing AS MATERIALIZED (
    SELECT s.activity_id, s.asked_on, u.time_period
    FROM (SELECT activity_id, asked_on FROM state WHERE said IS NOT NULL) AS s
    ASOF JOIN unfilled AS u ON u.activity_id = s.activity_id AND s.asked_on > u.due_on
)
SELECT s.activity_id, s.asked_on AS as_of,
       CASE WHEN s.window_start > s.asked_on THEN 'upcoming' WHEN s.window_end <= s.asked_on THEN 'closed' ELSE 'open' END
           AS timing,
       s.window_end AS window_end_in_effect, s.status AS reported_status, s.last_reported_on, s.percent_complete,
       CASE WHEN s.status = 'completed' THEN s.completed_on END AS completed_on,
       coalesce(s.completed_by_all, false) AS completed_by_all, coalesce(s.completed_by_any, false) AS completed_by_any,
       -- By whom one believes, it is done, under way or not under way.
       NOT s.is_cancelled AND coalesce(
           list_has_any(s.said, ['completed', 'delivered'])::INTEGER
           + list_has_any(s.said, ['in_progress', 'substantially_completed'])::INTEGER
           + list_has_any(s.said, ['not_started', 'suspended'])::INTEGER > 1, false) AS agencies_disagree,
       CASE WHEN s.is_cancelled THEN 0 ELSE coalesce(s.claims, 0) END AS cancellation_claims,
       w.activity_id IS NOT NULL AS is_awaiting_report,
       CASE WHEN s.timeframe = 'dated' AND s.duplicate_of IS NULL
            THEN s.window_end < s.asked_on AND s.status NOT IN ('completed', 'cancelled') AND w.activity_id IS NULL
       END AS is_overdue,
       CASE WHEN is_overdue THEN datediff('day', s.window_end, s.asked_on) END AS days_overdue,
       datediff('day', s.last_report.effective_on, s.asked_on) AS evidence_age_days,
       coalesce(m.time_period > s.last_report.period, false) AND s.status NOT IN ('completed', 'cancelled') AS is_stale
FROM state AS s
LEFT JOIN (FROM awaiting ANTI JOIN answered USING (activity_id, asked_on)) AS w
  ON w.activity_id = s.activity_id AND w.asked_on = s.asked_on
LEFT JOIN missing AS m ON m.activity_id = s.activity_id AND m.asked_on = s.asked_on
ORDER BY s.activity_id, s.asked_on
