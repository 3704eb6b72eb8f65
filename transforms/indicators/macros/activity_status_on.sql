-- One row per activity × day of `days`: how it stood at the end of that day, by the reports received by `known`.
-- Contract §5: of the reports in effect by the day, the one about the latest year counts, then the one reported last, then
-- the agency printed first. A second print has no reports and is never overdue.
-- parameters: days, known
WITH asked AS MATERIALIZED (SELECT DISTINCT unnest(days::DATE[]) AS asked_on),
-- A report first counts on the first day asked for that is not before it took effect; from there on it may be outdone.
day_of AS MATERIALIZED (
    SELECT e.effective_on, d.asked_on
    FROM (SELECT DISTINCT effective_on FROM fact_progress) AS e
    ASOF JOIN asked AS d ON e.effective_on <= d.asked_on
),
-- `stamp` orders the reports of an agency, or of its unit, as the contract does, and names one: period and day of report.
-- Half-years are 20191 and 20192, years 20190; a plan has only the ones or the others.
stamped AS NOT MATERIALIZED (
    SELECT *, rpad(replace(time_period, '-S', ''), 5, '0')::BIGINT * 10000000
              + datediff('day', DATE '1900-01-01', reported_on) AS stamp
    FROM fact_progress
),
first_counts AS MATERIALIZED (
    SELECT p.activity_id, p.agency_id, p.reporting_unit, d.asked_on, max(p.reported_on) AS reported_on, max(p.stamp) AS stamp
    FROM stamped AS p JOIN day_of AS d ON d.effective_on = p.effective_on
    WHERE coalesce(p.received_on, p.reported_on) <= known::DATE
    GROUP BY p.activity_id, p.agency_id, p.reporting_unit, d.asked_on
),
of_agency AS MATERIALIZED (
    SELECT d.asked_on, f.activity_id, f.agency_id, f.reporting_unit, max(f.reported_on) AS reported_on, max(f.stamp) AS stamp
    FROM asked AS d JOIN first_counts AS f ON f.asked_on <= d.asked_on
    GROUP BY d.asked_on, f.activity_id, f.agency_id, f.reporting_unit
),
-- Of several agencies' reports of one stamp, that of the agency printed first counts; of its units', the first by id.
agency_report AS MATERIALIZED (
    SELECT o.asked_on, o.activity_id, o.reported_on, (o.stamp * 1000 - b.position) * 1000 - row_number() OVER (
               PARTITION BY o.asked_on, o.activity_id, o.agency_id ORDER BY o.reporting_unit) AS rank,
           {'status': p.status, 'percent': p.percent_complete, 'completed_on': p.completed_on} AS report
    FROM of_agency AS o
    JOIN bridge_activity_agency AS b ON b.activity_id = o.activity_id AND b.agency_id = o.agency_id
    JOIN stamped AS p ON p.activity_id = o.activity_id AND p.agency_id = o.agency_id
      AND p.reporting_unit = o.reporting_unit AND p.stamp = o.stamp
),
of_activity AS MATERIALIZED (
    SELECT asked_on, activity_id, max(reported_on) AS last_reported_on, arg_max(report, rank) AS report,
           count(DISTINCT report.status) > 1 AS agencies_disagree
    FROM agency_report GROUP BY asked_on, activity_id
)
SELECT a.activity_id, d.asked_on AS as_of,
       CASE WHEN a.window_start > d.asked_on THEN 'upcoming' WHEN a.window_end <= d.asked_on THEN 'closed' ELSE 'open' END
           AS timing,
       coalesce(o.report.status, 'no_evidence') AS reported_status, o.last_reported_on,
       o.report.percent AS percent_complete, o.report.completed_on AS completed_on,
       coalesce(o.agencies_disagree, false) AS agencies_disagree,
       CASE WHEN a.timeframe = 'dated' AND a.duplicate_of IS NULL
            THEN a.window_end <= d.asked_on AND reported_status NOT IN ('completed', 'cancelled') END AS is_overdue,
       CASE WHEN is_overdue THEN datediff('day', a.window_end, d.asked_on) END AS days_overdue
FROM dim_activity AS a CROSS JOIN asked AS d
LEFT JOIN of_activity AS o ON o.activity_id = a.activity_id AND o.asked_on = d.asked_on
ORDER BY a.activity_id, d.asked_on
