-- Judgements about accepted lines: letters of another script in an id, reports of the future, work done before its window,
-- characters that cannot be seen; and about sheets with columns that nobody reads.
INSERT INTO quality_issue BY NAME
WITH note AS NOT MATERIALIZED (
    SELECT j.line, 'look_alike_letters' AS rule, s.source_file, j.source_row AS line_number, j.activity_id, v.column_name,
           v.source_value, v.published_value, NULL AS message_id, json_object('id', v.published_value) AS arguments
    FROM judged_line AS j
    ANTI JOIN set_aside AS a ON a.line = j.line
    JOIN report_sheet AS s ON s.sheet_id = j.sheet_id
    JOIN (
        SELECT l.line, 'activity_id' AS column_name, l.activity_id AS source_value, r.value AS published_value
        FROM report_line AS l JOIN read_activity_id AS r ON r.text = l.activity_id WHERE r.fault IS NOT NULL
        UNION ALL
        SELECT l.line, 'agency_id', l.agency_id, r.value
        FROM report_line AS l JOIN read_agency_id AS r ON r.text = l.agency_id WHERE r.fault IS NOT NULL
    ) AS v ON v.line = j.line
    UNION ALL
    SELECT j.line, 'reported_after_as_of', s.source_file, j.source_row, j.activity_id, 'reported_on', j.reported_on::VARCHAR,
           j.reported_on::VARCHAR, NULL, json_object('as_of', $as_of)
    FROM judged_line AS j
    ANTI JOIN set_aside AS a ON a.line = j.line
    JOIN report_sheet AS s ON s.sheet_id = j.sheet_id
    WHERE j.reported_on > $as_of
    UNION ALL
    SELECT j.line, 'done_before_window', s.source_file, j.source_row, j.activity_id, 'completed_on',
           coalesce(j.completed_on, j.reported_on)::VARCHAR, coalesce(j.completed_on, j.reported_on)::VARCHAR, NULL,
           json_object('window_start', j.window_start)
    FROM judged_line AS j
    ANTI JOIN set_aside AS a ON a.line = j.line
    JOIN report_sheet AS s ON s.sheet_id = j.sheet_id
    WHERE j.status = 'completed' AND coalesce(j.completed_on, least(j.reported_on, make_date(j.year, 12, 31))) < j.window_start
    UNION ALL
    SELECT j.line, 'invisible_characters', s.source_file, j.source_row, j.activity_id, 'result_text', NULL, j.result_text, NULL,
           NULL
    FROM judged_line AS j
    ANTI JOIN set_aside AS a ON a.line = j.line
    JOIN report_sheet AS s ON s.sheet_id = j.sheet_id
    WHERE j.had_invisible
    UNION ALL
    SELECT NULL, 'columns_not_read', source_file, heading_row, NULL, NULL, unread, NULL,
           CASE WHEN source_sheet IS NOT NULL THEN 'columns_not_read.sheet' END,
           json_merge_patch(json_object('headings', unread), json_object('sheet', source_sheet))
    FROM report_sheet
    WHERE unread IS NOT NULL
)
SELECT 'PROGRESS-Q' || lpad((row_number() OVER (ORDER BY source_file, line, rule, column_name, line_number, message))::VARCHAR, 7, '0') AS issue_id,
       * EXCLUDE (line)
FROM (
    SELECT n.* REPLACE (m.message_id AS message_id, coalesce(n.arguments, json_object()) AS arguments), q.severity, q.action,
           rendered(m.pieces, m.pieces_plural, coalesce(n.arguments, json_object())) AS message
    FROM note AS n
    LEFT JOIN dim_quality_rule AS q ON q.rule = n.rule
    LEFT JOIN quality_message AS m ON m.message_id = coalesce(n.message_id, q.message_id)
)
