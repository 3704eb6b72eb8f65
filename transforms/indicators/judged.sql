-- The relations that the indicators count, for the periods that touch the days from `from_day` to `to_day`, judged
-- as if `to_day` were the as_of of the release (contract §7, rules 1 to 5).
-- `period`: one row per year and quarter that has begun, from the first plan's start to the end of the year after the last
-- plan's end, or up to which a decision extends an activity; it is judged as at the end of as_of, its last day or to_day if
-- that comes first.
WITH span AS MATERIALIZED (
    SELECT min(start_date) AS begins_on, make_date(year(greatest(max(end_date), (
               SELECT max(new_end) FROM activity_decision WHERE decided_on <= ${to_day}::DATE
           ))) + 1, 12, 31) AS ends_on
    FROM dim_plan
),
period AS MATERIALIZED (
    SELECT *, least(end_date, ${to_day}::DATE) AS as_of, frequency = 'A' AND end_date <= ${to_day}::DATE AS is_whole_year
    FROM (
        SELECT y::VARCHAR AS time_period, 'A' AS frequency, make_date(y, 1, 1) AS start_date, make_date(y, 12, 31) AS end_date
        FROM span, range(year(begins_on), year(ends_on) + 1) AS years (y)
        UNION ALL SELECT y || '-Q' || q, 'Q', make_date(y, 3 * q - 2, 1), last_day(make_date(y, 3 * q, 1))
        FROM span, range(year(begins_on), year(ends_on) + 1) AS years (y), range(1, 5) AS quarters (q)
    )
    WHERE start_date <= ${to_day}::DATE AND end_date >= ${from_day}::DATE
),
-- `state`: one row per activity × day on which a period is judged, or before which a year begins.
state AS MATERIALIZED (
    SELECT activity_id, as_of, reported_status, completed_on, window_end_in_effect
    FROM activity_status_on((
        SELECT list(d) FROM (SELECT as_of AS d FROM period UNION SELECT start_date - 1 FROM period WHERE frequency = 'A')
    ), ${to_day})
),
-- `grouped`: one row per activity × plan or _T × agency or _T that it counts for; second prints never count.
grouped AS MATERIALIZED (
    SELECT a.activity_id, p.plan_id, g.agency_id
    FROM dim_activity AS a
    JOIN (SELECT activity_id, agency_id FROM bridge_activity_agency UNION ALL SELECT activity_id, '_T' FROM dim_activity) AS g
      ON g.activity_id = a.activity_id
    JOIN (SELECT activity_id, plan_id FROM ${activities} UNION ALL SELECT activity_id, '_T' FROM dim_activity) AS p
      ON p.activity_id = a.activity_id
    WHERE a.duplicate_of IS NULL
),
-- `judged`: one row per period × row of `grouped`, with the activity's state; quarters for all agencies together only.
judged AS MATERIALIZED (
    SELECT m.plan_id, m.agency_id, e.time_period, e.frequency, e.start_date, e.end_date, e.as_of, e.is_whole_year,
           a.activity_id, a.measure_id, a.timeframe, a.window_start, s.window_end_in_effect AS window_end,
           s.reported_status AS status, s.completed_on, b.reported_status AS status_before,
           a.timeframe = 'dated' AS is_dated, a.window_start <= e.as_of AS is_begun,
           is_dated AND s.window_end_in_effect <= e.as_of AS is_due,
           is_dated AND s.window_end_in_effect BETWEEN e.start_date AND e.end_date AS is_due_in_period,
           s.reported_status = 'completed' AS is_done, s.reported_status = 'cancelled' AS is_cancelled,
           s.reported_status = 'no_evidence' AS is_silent
    FROM period AS e JOIN grouped AS m ON e.frequency = 'A' OR m.agency_id = '_T'
    JOIN dim_activity AS a ON a.activity_id = m.activity_id
    JOIN state AS s ON s.activity_id = m.activity_id AND s.as_of = e.as_of
    LEFT JOIN state AS b ON b.activity_id = m.activity_id AND b.as_of = e.start_date - 1 AND e.frequency = 'A'
),
-- `expected_report`: one row per expected report × plan or _T × agency or _T; for all agencies together an activity's report
-- about a year is one, received when one of its agencies has reported.
slot AS MATERIALIZED (SELECT activity_id, agency_id, time_period, due_on, is_filled, is_on_time FROM ${slots}),
expected_report AS MATERIALIZED (
    SELECT p.plan_id, s.agency_id, s.due_on, s.is_filled, s.is_on_time
    FROM (
        FROM slot
        UNION ALL SELECT activity_id, '_T', time_period, max(due_on), bool_or(is_filled), bool_or(is_on_time)
        FROM slot GROUP BY activity_id, time_period
    ) AS s
    JOIN grouped AS p ON p.activity_id = s.activity_id AND p.agency_id = s.agency_id
),
-- `due_report`: one row per plan × agency × period that has a figure × report that fell due in it, or one that is not
-- `is_expected`.
due_report AS MATERIALIZED (
    SELECT g.plan_id, g.agency_id, g.time_period, g.as_of, r.due_on IS NOT NULL AS is_expected, r.is_filled, r.is_on_time
    FROM (SELECT DISTINCT plan_id, agency_id, time_period, start_date, as_of FROM judged) AS g
    LEFT JOIN expected_report AS r
      ON r.plan_id = g.plan_id AND r.agency_id = g.agency_id AND r.due_on BETWEEN g.start_date AND g.as_of
),
-- `recommendation`: one row per plan × agency × period × recommendation, with how many of its activities are in which state;
-- those that are not cancelled are `active`.
recommendation AS MATERIALIZED (
    SELECT j.plan_id, j.agency_id, j.time_period, j.as_of, count(*) FILTER (WHERE NOT is_cancelled) AS active,
           count(*) FILTER (WHERE status IN ('in_progress', 'substantially_completed', 'completed', 'delivered')) AS acted_on,
           count(*) FILTER (WHERE is_dated) AS dated,
           count(*) FILTER (WHERE is_dated AND NOT is_cancelled) AS dated_active,
           count(*) FILTER (WHERE is_dated AND is_done) AS dated_done
    FROM judged AS j JOIN bridge_measure_recommendation AS r ON r.measure_id = j.measure_id
    GROUP BY j.plan_id, j.agency_id, j.time_period, j.as_of, r.recommendation_id
),
-- `delivered`: one row per activity × year of which a report about the year says delivered or completed.
delivered AS MATERIALIZED (
    SELECT DISTINCT activity_id, time_period[:4] AS time_period  -- a report about a half-year, too
    FROM fact_progress
    WHERE status IN ('delivered', 'completed') AND coalesce(received_on, reported_on) <= ${to_day}::DATE
),
-- `evident`: one row per activity with a report of completion that names its evidence, and the day from which it counts.
evident AS MATERIALIZED (
    SELECT activity_id, min(effective_on) AS since
    FROM fact_progress
    WHERE status = 'completed' AND evidence_url IS NOT NULL AND coalesce(received_on, reported_on) <= ${to_day}::DATE
    GROUP BY activity_id
)
