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
    FROM activity_status_on((
        SELECT list(d) FROM (SELECT as_of AS d FROM period UNION SELECT start_date - 1 FROM period WHERE frequency = 'A')
    ), ${to_day})
),
-- `answering`: one row per activity × who answers for it, whatever was reported: before all reports, there is little to read.
answering AS MATERIALIZED (
    SELECT activity_id, agency_id, reporting_unit, count(*) OVER (PARTITION BY activity_id) AS respondents
    FROM respondent_status_on([DATE '1900-01-01'], DATE '1900-01-01') WHERE is_counted
),
-- `undated`: one row per activity × day on which it is completed, although the last report of somebody who answers for it states
-- no day of completion, and none said so by the end of the window. Who has reported on a completed activity has completed it.
undated AS MATERIALIZED (
    SELECT DISTINCT activity_id, as_of
    FROM (
        SELECT s.activity_id, s.as_of
        FROM state AS s
        JOIN fact_progress AS p ON p.activity_id = s.activity_id AND p.effective_on <= s.as_of
        JOIN answering AS r
          ON r.activity_id = p.activity_id AND r.agency_id = p.agency_id AND r.reporting_unit = p.reporting_unit
        WHERE s.reported_status = 'completed' AND p.status = 'completed'
          AND coalesce(p.received_on, p.reported_on) <= ${to_day}::DATE
        GROUP BY s.activity_id, s.as_of, p.agency_id, p.reporting_unit
        HAVING arg_max(p.completed_on IS NULL, {'period': p.time_period, 'reported_on': p.reported_on})
           AND min(p.reported_on) > any_value(s.window_end_in_effect)
    )
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
           is_dated AND s.window_end_in_effect <= e.as_of AS is_due, is_dated AND s.window_end_in_effect < e.as_of AS is_past,
           is_dated AND s.window_end_in_effect BETWEEN e.start_date AND e.end_date AS is_due_in_period,
           s.reported_status = 'completed' AS is_done, s.reported_status = 'cancelled' AS is_cancelled,
           s.reported_status = 'no_evidence' AS is_silent, s.is_stale, s.is_awaiting_report AS is_awaiting,
           coalesce(s.is_overdue, false) AS is_overdue, s.completed_by_all, s.completed_by_any, NULL::BOOLEAN AS is_self_dated,
           CASE WHEN NOT is_done THEN NULL WHEN s.completed_on > s.window_end_in_effect THEN 'late'
                WHEN u.activity_id IS NULL THEN 'on_time' ELSE 'unknown' END AS completed_when,
           CASE WHEN NOT is_past OR is_cancelled THEN NULL WHEN is_done THEN 'done' WHEN is_awaiting THEN 'awaiting'
                WHEN is_silent OR s.is_stale THEN 'unknown' ELSE 'not_done' END AS due_state
    FROM period AS e JOIN grouped AS m ON e.frequency = 'A' OR m.agency_id = '_T'
    JOIN dim_activity AS a ON a.activity_id = m.activity_id
    JOIN state AS s ON s.activity_id = m.activity_id AND s.as_of = e.as_of
    LEFT JOIN state AS b ON b.activity_id = m.activity_id AND b.as_of = e.start_date - 1 AND e.frequency = 'A'
    LEFT JOIN undated AS u ON u.activity_id = m.activity_id AND u.as_of = e.as_of
),
-- `due_slot`: one row per plan × agency × period that has a figure × reporting slot that fell due in it, or one that is not
-- `is_expected`: an agency's own slots, all slots for all agencies together.
slot AS MATERIALIZED (
    SELECT activity_id, agency_id, time_period, due_on, is_filled, is_on_time, is_self_dated FROM ${slots}
),
due_slot AS MATERIALIZED (
    SELECT g.plan_id, g.agency_id, g.time_period, g.as_of, s.activity_id IS NOT NULL AS is_expected, s.activity_id,
           s.slot_agency_id, s.slot_period, s.is_filled, s.is_on_time, coalesce(s.is_self_dated, false) AS is_self_dated,
           NULL::BOOLEAN AS is_silent, NULL::BOOLEAN AS is_stale
    FROM (SELECT DISTINCT plan_id, agency_id, time_period, start_date, as_of FROM judged) AS g
    LEFT JOIN (
        SELECT p.plan_id, p.agency_id, s.activity_id, s.agency_id AS slot_agency_id, s.time_period AS slot_period, s.due_on,
               s.is_filled, s.is_on_time, s.is_self_dated
        FROM (SELECT *, agency_id AS of_agency FROM slot UNION ALL SELECT *, '_T' FROM slot) AS s
        JOIN grouped AS p ON p.activity_id = s.activity_id AND p.agency_id = s.of_agency
    ) AS s
      ON s.plan_id = g.plan_id AND s.agency_id = g.agency_id AND s.due_on BETWEEN g.start_date AND g.as_of
),
-- `due_report`: the same, but for all agencies together an activity's report about a year is one, received when one of its
-- agencies has reported.
due_report AS MATERIALIZED (
    FROM due_slot WHERE agency_id <> '_T'
    UNION ALL BY NAME
    SELECT plan_id, agency_id, time_period, as_of, is_expected, bool_or(is_filled) AS is_filled,
           bool_or(is_on_time) AS is_on_time, coalesce(bool_and(is_self_dated) FILTER (WHERE is_on_time), false) AS is_self_dated,
           NULL::BOOLEAN AS is_silent, NULL::BOOLEAN AS is_stale
    FROM due_slot WHERE agency_id = '_T'
    GROUP BY plan_id, agency_id, time_period, as_of, is_expected, activity_id, slot_period
),
-- `recommendation`: one row per plan × agency × period × recommendation, with how many of its activities are in which state;
-- those that are not cancelled are `active`.
recommendation AS MATERIALIZED (
    SELECT j.plan_id, j.agency_id, j.time_period, j.as_of, count(*) FILTER (WHERE NOT is_cancelled) AS active,
           count(*) FILTER (WHERE status IN ('in_progress', 'substantially_completed', 'completed', 'delivered')) AS acted_on,
           count(*) FILTER (WHERE is_dated) AS dated,
           count(*) FILTER (WHERE is_dated AND NOT is_cancelled) AS dated_active,
           count(*) FILTER (WHERE is_dated AND is_done) AS dated_done,
           CASE WHEN active = 0 THEN NULL WHEN acted_on = 0 THEN 'none' WHEN count(*) FILTER (WHERE is_done) = 0 THEN 'begun'
                WHEN count(*) FILTER (WHERE is_done) = active THEN 'all_done' ELSE 'partly' END AS activity_state,
           NULL::BOOLEAN AS is_silent, NULL::BOOLEAN AS is_stale, NULL::BOOLEAN AS is_self_dated
    FROM judged AS j JOIN bridge_measure_recommendation AS r ON r.measure_id = j.measure_id
    GROUP BY j.plan_id, j.agency_id, j.time_period, j.as_of, r.recommendation_id
),
-- `said`: one row per activity × who reported on it × year: whether its latest report about the year, or about one of its
-- halves, says delivered or completed. A claim of cancellation says nothing.
said AS MATERIALIZED (
    SELECT activity_id, agency_id, reporting_unit, year, bool_or(status IN ('delivered', 'completed')) AS is_delivered
    FROM (
        SELECT activity_id, agency_id, reporting_unit, time_period[:4] AS year, arg_max(status, reported_on) AS status
        FROM fact_progress WHERE status <> 'cancelled' AND coalesce(received_on, reported_on) <= ${to_day}::DATE
        GROUP BY activity_id, agency_id, reporting_unit, time_period
    )
    GROUP BY ALL
),
-- `delivered`: one row per activity × year about which somebody has reported who answers for it.
delivered AS MATERIALIZED (
    SELECT s.activity_id, s.year, bool_or(s.is_delivered) AS by_any, bool_and(s.is_delivered) AS by_reporting,
           bool_and(s.is_delivered) AND count(*) = any_value(r.respondents) AS by_all
    FROM said AS s
    JOIN answering AS r
      ON r.activity_id = s.activity_id AND r.agency_id = s.agency_id AND r.reporting_unit = s.reporting_unit
    GROUP BY s.activity_id, s.year
),
-- `reported_about`: one row per activity × year that an accepted report is about.
reported_about AS MATERIALIZED (
    SELECT DISTINCT activity_id, time_period[:4] AS year
    FROM fact_progress WHERE coalesce(received_on, reported_on) <= ${to_day}::DATE
),
-- `report_item`: one row per plan or _T × agency or _T × period in which reports were received: the items that they should have,
-- and those filled in. Percentage and result belong to each report, evidence and the day to one of completion.
report_item AS MATERIALIZED (
    SELECT coalesce(i.plan_id, '_T') AS plan_id, coalesce(i.agency_id, '_T') AS agency_id,
           CASE WHEN quarter IS NULL THEN year::VARCHAR ELSE year || '-Q' || quarter END AS time_period,
           sum(items)::BIGINT AS items, sum(filled)::BIGINT AS filled
    FROM (
        SELECT a.plan_id, p.agency_id, year(coalesce(p.received_on, p.reported_on)) AS year,
               quarter(coalesce(p.received_on, p.reported_on)) AS quarter,
               sum(2 + (p.status IN ('completed', 'delivered'))::INTEGER + (p.status = 'completed')::INTEGER) AS items,
               count(p.percent_complete) + count(p.result_text) + count(p.completed_on)
               + count(p.evidence_kind) FILTER (WHERE p.status IN ('completed', 'delivered')) AS filled
        FROM fact_progress AS p JOIN dim_activity AS a ON a.activity_id = p.activity_id
        WHERE coalesce(p.received_on, p.reported_on) <= ${to_day}::DATE GROUP BY ALL
    ) AS i
    GROUP BY CUBE (i.plan_id, i.agency_id, i.quarter), i.year
),
-- `evident`: one row per activity with a report of completion that names its evidence, and the day from which it counts.
evident AS MATERIALIZED (
    SELECT activity_id, min(effective_on) AS since
    FROM fact_progress
    WHERE status = 'completed' AND evidence_kind IS NOT NULL
      AND coalesce(received_on, reported_on) <= ${to_day}::DATE
    GROUP BY activity_id
),
-- `finality`: one row per plan or _T × period: A, or P (provisional) until the period is over and the last day has passed on
-- which a report about it is on time.
finality AS MATERIALIZED (
    SELECT plan_id, time_period, CASE WHEN ${to_day}::DATE <= last_day THEN 'P' ELSE 'A' END AS obs_status
    FROM (
        SELECT p.plan_id, e.time_period, greatest(e.end_date - 1, max(r.due_on)) AS last_day
        FROM period AS e CROSS JOIN (SELECT plan_id FROM dim_plan UNION ALL SELECT '_T') AS p
        LEFT JOIN (
            SELECT plan_id, due_on,
                   make_date(time_period[:4]::INTEGER, CASE WHEN time_period LIKE '%-S2' THEN 7 ELSE 1 END, 1) AS start_date,
                   last_day(make_date(time_period[:4]::INTEGER, CASE WHEN time_period LIKE '%-S1' THEN 6 ELSE 12 END, 1)) AS end_date
            FROM dim_reporting_period
        ) AS r
          ON p.plan_id IN (r.plan_id, '_T') AND r.start_date <= e.end_date AND r.end_date >= e.start_date
        GROUP BY p.plan_id, e.time_period, e.end_date
    )
)
