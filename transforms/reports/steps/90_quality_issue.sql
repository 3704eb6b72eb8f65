-- One row per judgement about an accepted line: letters of another script in an id, reports of the future, work done before
-- its window, characters that cannot be seen, a damaged text, letters of an old Tajik font, a status that means another one on
-- a continuous activity, a claim of cancellation; and about a file or sheet: columns that nobody reads, what was read by the other rows, what
-- the cells of a sheet do not say by their text.
INSERT INTO quality_issue BY NAME
WITH accepted AS NOT MATERIALIZED (
    SELECT j.*, j.source_row AS line_number, s.source_file,
           coalesce(j.completed_on, least(j.reported_on, j.period_end)) AS done_on, e.received_on
    FROM judged_line AS j ANTI JOIN set_aside USING (line) JOIN report_sheet AS s USING (sheet_id)
    LEFT JOIN dim_report_receipt AS e ON e.source_file = s.source_file
),
look_alike AS (
    SELECT 'activity_id' AS column_name, line, activity_id AS source_value, value AS published_value
    FROM report_line JOIN read_activity_id ON text = activity_id WHERE fault = 'look_alike_letters'
    UNION ALL SELECT 'agency_id', line, agency_id, value
    FROM report_line JOIN read_agency_id ON text = agency_id WHERE fault = 'look_alike_letters'
),
of_result AS NOT MATERIALIZED (
    SELECT a.line, a.source_file, a.line_number, a.activity_id, n.text, a.result_text AS published_text, n.message_id, n.arguments
    FROM accepted AS a JOIN report_line AS l USING (line)
    JOIN result_note AS n ON n.file_number = l.file_number AND n.text = l.result_text
    WHERE a.is_unusual
),
note AS NOT MATERIALIZED (
    SELECT line, 'look_alike_letters' AS rule, source_file, line_number, a.activity_id, column_name, source_value,
           published_value, NULL AS message_id, json_object('id', published_value) AS arguments
    FROM accepted AS a JOIN look_alike USING (line)
    UNION ALL SELECT line, 'reported_after_as_of', source_file, line_number, activity_id, 'reported_on', reported_on::VARCHAR,
           reported_on::VARCHAR, NULL, json_object('as_of', $as_of)
    FROM accepted WHERE reported_on > $as_of AND received_on IS NULL
    UNION ALL SELECT line, 'reported_after_as_of', source_file, line_number, activity_id, 'received_on', received_on::VARCHAR,
           received_on::VARCHAR, 'reported_after_as_of.received', json_object('as_of', $as_of, 'received_on', received_on)
    FROM accepted WHERE received_on > $as_of
    UNION ALL SELECT line, 'received_before_report', source_file, line_number, activity_id, 'reported_on', reported_on::VARCHAR,
           reported_on::VARCHAR, NULL, json_object('reported_on', reported_on, 'received_on', received_on)
    FROM accepted WHERE received_on < reported_on
    UNION ALL SELECT line, 'done_before_window', source_file, line_number, activity_id, 'completed_on',
           coalesce(completed_on, reported_on)::VARCHAR, coalesce(completed_on, reported_on)::VARCHAR, NULL,
           json_object('window_start', window_start)
    FROM accepted WHERE status = 'completed' AND done_on < window_start
    UNION ALL SELECT line, 'cancellation_claimed', source_file, line_number, activity_id, 'status', result_text, status, NULL,
           json_object('agency', agency_id)
    FROM accepted AS a
    ANTI JOIN (FROM activity_decision WHERE decision_kind = 'cancelled' AND decided_on <= $as_of) USING (activity_id)
    WHERE status = 'cancelled' AND report_key = (  -- the last word of agency or unit: the key ends with period and day
        SELECT max(report_key) FROM accepted AS b WHERE b.report_key // 1000000000000 = a.report_key // 1000000000000
    )
    UNION ALL SELECT line, 'invisible_characters', source_file, line_number, activity_id, 'result_text', NULL, result_text, NULL, NULL
    FROM accepted WHERE had_invisible
    UNION ALL SELECT line, 'result_damaged', source_file, line_number, activity_id, 'result_text', text, published_text,
           message_id, arguments
    FROM of_result WHERE starts_with(message_id, 'cell_damaged')
    UNION ALL SELECT line, 'old_tajik_letters', source_file, line_number, activity_id, 'result_text', text, published_text,
           message_id, arguments
    FROM of_result WHERE starts_with(message_id, 'old_tajik_letters')
    UNION ALL SELECT a.line, 'old_tajik_letters', source_file, line_number, a.activity_id, 'status', l.status, a.status,
           'old_tajik_letters.status', NULL
    FROM accepted AS a JOIN report_line AS l USING (line) WHERE has_old_letters
    UNION ALL SELECT a.line, 'status_on_continuous', source_file, line_number, a.activity_id, 'status', l.status, a.status,
           NULL, json_object('text', left(l.status, 60), 'state', 'Delivered')
    FROM accepted AS a JOIN report_line AS l USING (line) WHERE usual_status IS NOT NULL
    UNION ALL SELECT NULL, 'old_tajik_letters', source_file, heading_row, NULL, NULL, old_letters, NULL,
           'old_tajik_letters.headings', json_object('headings', old_letters)
    FROM report_sheet WHERE old_letters IS NOT NULL
    UNION ALL SELECT NULL, rule, source_file, line_number, NULL, column_name, source_value, published_value, message_id,
           arguments
    FROM report_note
    UNION ALL SELECT NULL, 'columns_not_read', source_file, heading_row, NULL, NULL, unread, NULL,
           CASE WHEN source_sheet IS NOT NULL THEN 'columns_not_read.sheet' END,
           json_merge_patch(json_object('headings', unread), json_object('sheet', source_sheet))
    FROM report_sheet WHERE unread IS NOT NULL
)
SELECT 'PROGRESS-Q' || lpad((row_number() OVER (ORDER BY source_file, line, rule, column_name, line_number, message))::VARCHAR, 7, '0') AS issue_id,
       1 AS places, * EXCLUDE (line)
FROM (
    SELECT n.* REPLACE (m.message_id AS message_id, coalesce(n.arguments, json_object()) AS arguments), q.severity, q.action,
           rendered(m.pieces, m.pieces_plural, coalesce(n.arguments, json_object())) AS message
    FROM note AS n LEFT JOIN dim_quality_rule AS q ON q.rule = n.rule
    LEFT JOIN quality_message AS m ON m.message_id = coalesce(n.message_id, q.message_id)
)
