-- One row per line × rule that it breaks (contract §7); `place` is the order in which they are reported. Without a message_id
-- the sentence is that of the rule; `arguments` fill it (transforms/quality): a status by its English label, which the
-- catalogue translates. A line with an unreadable text is never blank.
CREATE TEMP TABLE fault AS
WITH written AS NOT MATERIALIZED (SELECT * FROM judged_line WHERE NOT is_blank),
unreadable_cell AS NOT MATERIALIZED (  -- a text that an earlier program damaged breaks a rule of its own
    SELECT line, 2 AS place, 'activity_unknown' AS rule, 'activity_id' AS column_name, r.fault, r.arguments
    FROM report_line AS l JOIN read_activity_id AS r ON r.text = l.activity_id AND starts_with(r.fault, 'cell_')
    SEMI JOIN written USING (line)
    UNION ALL SELECT line, 5, 'agency_not_responsible', 'agency_id', r.fault, r.arguments
    FROM report_line AS l JOIN read_agency_id AS r ON r.text = l.agency_id AND starts_with(r.fault, 'cell_')
    SEMI JOIN written USING (line)
    UNION ALL SELECT j.line, 7, 'year_unreadable', 'time_period',
           CASE WHEN is_half_yearly AND r.fault = 'year_unreadable' THEN 'year_unreadable.half_year' ELSE r.fault END,
           r.arguments
    FROM judged_line AS j JOIN report_line AS l USING (line)
    JOIN read_time_period AS r ON r.text = l.time_period AND r.fault IS NOT NULL
    UNION ALL SELECT j.line, 9, 'day_of_report_unreadable', 'reported_on', r.fault, r.arguments
    FROM judged_line AS j JOIN report_line AS l USING (line)
    JOIN read_day AS r ON r.file_number = j.reported_file AND r.text = l.reported_on AND r.fault IS NOT NULL
    UNION ALL SELECT j.line, 11, 'status_unreadable', 'status', r.fault, r.arguments
    FROM judged_line AS j JOIN report_line AS l USING (line)
    JOIN read_status AS r ON r.text = l.status AND r.setting = j.setting AND r.fault IS NOT NULL
    UNION ALL SELECT j.line, 12, 'percentage_unreadable', 'percent_complete', r.fault, r.arguments
    FROM judged_line AS j JOIN report_line AS l USING (line)
    JOIN read_percent_complete AS r ON r.sheet_id = j.percent_sheet AND r.text = l.percent_complete AND r.fault IS NOT NULL
    UNION ALL SELECT j.line, 13, 'day_of_completion_unreadable', 'completed_on',
           CASE r.fault WHEN 'day_unreadable' THEN 'day_unreadable.or_empty' ELSE r.fault END, r.arguments
    FROM judged_line AS j JOIN report_line AS l USING (line)
    JOIN read_day AS r ON r.file_number = j.completed_file AND r.text = l.completed_on AND r.fault IS NOT NULL
    UNION ALL SELECT line, 14, 'evidence_not_http', 'evidence_url', r.fault, r.arguments
    FROM report_line AS l JOIN read_evidence_url AS r ON r.text = l.evidence_url AND r.fault IS NOT NULL
    UNION ALL SELECT line, 24, 'cell_with_error', 'result_text', r.fault, r.arguments
    FROM report_line AS l
    JOIN read_result_text AS r ON r.file_number = l.file_number AND r.text = l.result_text AND r.fault IS NOT NULL
    UNION ALL SELECT line, 26, 'reporting_unit_unknown', 'reporting_unit', r.fault, r.arguments
    FROM report_line AS l JOIN read_reporting_unit AS r ON r.text = l.reporting_unit AND r.fault IS NOT NULL
    SEMI JOIN written USING (line)
),
likeness AS NOT MATERIALIZED (  -- one row per text in place of a unit (NULL: none) × unit of the agency
    SELECT agency_id, asked, reporting_unit, max(coalesce(jaro_winkler_similarity(label, asked), 0)) AS likeness
    FROM (SELECT DISTINCT agency_id, unit_label AS asked FROM written WHERE has_units AND reporting_unit = '_T')
    JOIN unit_label USING (agency_id) GROUP BY ALL
),
choice AS NOT MATERIALIZED (  -- the units that a sentence names, the most alike first, and how many more there are
    SELECT agency_id, asked, CASE WHEN count(*) > 10 THEN count(*) - 10 END AS more, array_to_string(
               list(format('{} ({})', reporting_unit, name) ORDER BY likeness DESC, reporting_unit)[:10], ', ') AS units
    FROM likeness JOIN dim_reporting_unit USING (agency_id, reporting_unit) GROUP BY agency_id, asked
),
without_unit AS NOT MATERIALIZED (  -- one row per line of an agency with units that names none of them
    SELECT w.line, c.*, left(l.reporting_unit, 60) AS text
    FROM written AS w JOIN report_line AS l USING (line)
    JOIN choice AS c ON c.agency_id = w.agency_id AND c.asked IS NOT DISTINCT FROM w.unit_label
    WHERE w.has_units AND w.reporting_unit = '_T' AND NOT w.has_unit_fault
)
SELECT line, 0 AS place, 'too_many_cells' AS rule, NULL AS column_name, NULL AS message_id,
       json_object('n', extra) AS arguments FROM written WHERE extra > 0
UNION ALL SELECT line, 1, 'activity_missing', 'activity_id', NULL, NULL FROM written WHERE activity_id IS NULL
UNION ALL SELECT line, 2, 'activity_unknown', 'activity_id', NULL, json_object('text', left(l.activity_id, 60))
FROM written JOIN report_line AS l USING (line) JOIN read_activity_id AS r ON r.text = l.activity_id
WHERE written.activity_id IS NOT NULL AND NOT is_known AND NOT starts_with(coalesce(r.fault, ''), 'cell_')
UNION ALL SELECT line, 3, 'activity_is_second_print', 'activity_id', NULL,
       json_object('second_print', activity_id, 'original', duplicate_of) FROM written WHERE duplicate_of IS NOT NULL
UNION ALL SELECT line, 4, 'agency_missing', 'agency_id', NULL, NULL FROM written WHERE agency_id IS NULL
UNION ALL SELECT line, 5, 'agency_not_responsible', 'agency_id', NULL,
       json_object('text', left(l.agency_id, 60), 'activity', written.activity_id,
                   'agencies', (SELECT string_agg(b.agency_id, ', ' ORDER BY b.position)
                                FROM bridge_activity_agency AS b WHERE b.activity_id = written.activity_id))
FROM written JOIN report_line AS l USING (line) JOIN read_agency_id AS r ON r.text = l.agency_id
WHERE written.agency_id IS NOT NULL AND is_known AND NOT is_responsible AND NOT starts_with(coalesce(r.fault, ''), 'cell_')
UNION ALL SELECT line, 6, 'year_missing', 'time_period',
       CASE WHEN is_half_yearly THEN 'year_missing.half_year' END, NULL
FROM written WHERE time_period IS NULL AND NOT has_year_fault
UNION ALL SELECT line, 8, 'day_of_report_missing', 'reported_on', NULL, NULL
FROM written WHERE reported_on IS NULL AND NOT has_reported_on_fault
UNION ALL SELECT line, 10, 'status_missing', 'status', NULL, NULL FROM written WHERE status IS NULL AND NOT has_status_fault
UNION ALL SELECT line, 15, 'delivered_but_dated', 'status', NULL, NULL
FROM written WHERE status = 'delivered' AND timeframe = 'dated'
UNION ALL SELECT line, 16, 'percentage_out_of_range', 'percent_complete', NULL,
       json_object('percent', regexp_replace(percent_complete::VARCHAR, '\.0$', ''))
FROM written WHERE percent_complete NOT BETWEEN 0 AND 100
UNION ALL SELECT line, 17, 'percentage_against_status', 'percent_complete', NULL,
       json_object('status', upper(status[1]) || replace(status[2:], '_', ' '), 'expected', CASE status WHEN 'not_started' THEN 0 ELSE 100 END,
                   'percent', regexp_replace(percent_complete::VARCHAR, '\.0$', ''))
FROM written
WHERE (percent_complete < 100 AND status IN ('completed', 'delivered')) OR (percent_complete > 0 AND status = 'not_started')
UNION ALL SELECT line, 18, 'reported_before_plan', 'reported_on', NULL,
       json_object('reported_on', reported_on, 'plan_start', plan_start) FROM written WHERE reported_on < plan_start
UNION ALL SELECT line, 19, 'year_after_report', 'time_period', NULL, json_object('reported_on', reported_on, 'year', time_period)
FROM written WHERE period_start > reported_on
UNION ALL SELECT line, 20, 'year_before_window', 'time_period', NULL,
       json_object('year', time_period, 'first_year', year(window_start)) FROM written WHERE period_end < window_start
UNION ALL SELECT line, 21, 'day_of_completion_without_completed', 'completed_on',
       CASE WHEN usual_status = 'completed' THEN 'day_of_completion_without_completed.continuous' END,
       CASE WHEN usual_status = 'completed' THEN json_object() ELSE json_object('status', upper(status[1]) || replace(status[2:], '_', ' ')) END
FROM written WHERE completed_on IS NOT NULL AND status <> 'completed'
UNION ALL SELECT line, 22, 'completed_after_report', 'completed_on', NULL,
       json_object('completed_on', completed_on, 'reported_on', reported_on)
FROM written WHERE completed_on > reported_on
UNION ALL SELECT line, 23, 'completed_before_plan', 'completed_on', NULL,
       json_object('completed_on', completed_on, 'plan_start', plan_start) FROM written WHERE completed_on < plan_start
UNION ALL SELECT line, 26, 'reporting_unit_missing', 'reporting_unit',
       CASE WHEN more IS NOT NULL THEN 'reporting_unit_missing.many' END,
       json_merge_patch(json_object('agency', agency_id, 'units', units), json_object('n', more))
FROM without_unit WHERE asked IS NULL
UNION ALL SELECT line, 26, 'reporting_unit_unknown', 'reporting_unit',
       CASE WHEN more IS NOT NULL THEN 'reporting_unit_unknown.many' END,
       json_merge_patch(json_object('agency', agency_id, 'units', units, 'text', text), json_object('n', more))
FROM without_unit WHERE asked IS NOT NULL
UNION ALL SELECT line, 26, 'reporting_unit_not_expected', 'reporting_unit', NULL,
       json_object('agency', written.agency_id, 'text', left(l.reporting_unit, 60))
FROM written JOIN report_line AS l USING (line)
WHERE unit_label IS NOT NULL AND NOT has_units AND written.agency_id IN (SELECT agency_id FROM dim_agency)
UNION ALL SELECT line, 27, 'period_of_other_length', 'time_period',
       CASE WHEN is_half_yearly THEN 'period_of_other_length.year' END,
       json_object('period', time_period, 'year', time_period[:4])
FROM written WHERE is_known AND (length(time_period) > 4) <> is_half_yearly
UNION ALL SELECT line, 28, 'cancellation_without_reason', 'result_text', NULL, NULL
FROM written ANTI JOIN (SELECT line FROM unreadable_cell WHERE column_name = 'result_text') USING (line)
WHERE status = 'cancelled' AND result_text IS NULL
UNION ALL SELECT line, place, CASE WHEN starts_with(fault, 'cell_') THEN split_part(fault, '.', 1) ELSE rule END, column_name,
       fault, arguments FROM unreadable_cell
