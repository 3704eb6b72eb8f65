-- Judgements about accepted lines: letters of another script in an id, reports of the future, work done before its window,
-- characters that cannot be seen; and about sheets with columns that nobody reads.
INSERT INTO quality_issue BY NAME
SELECT 'PROGRESS-Q' || lpad((row_number() OVER (ORDER BY source_file, line, rule, column_name, line_number, message))::VARCHAR, 7, '0') AS issue_id,
       * EXCLUDE (line)
FROM (
    SELECT j.line, 'look_alike_letters' AS rule, 'warning' AS severity, 'aliased' AS action, s.source_file,
           j.source_row AS line_number, j.activity_id, v.column_name, v.source_value, v.published_value,
           'The id is written with letters of another script that look like Latin ones; it is read as ' || v.published_value
           || '.' AS message
    FROM judged_line AS j
    ANTI JOIN set_aside AS a ON a.line = j.line
    JOIN report_sheet AS s ON s.sheet_id = j.sheet_id
    JOIN (
        SELECT l.rowid AS line, 'activity_id' AS column_name, l.activity_id AS source_value, r.value AS published_value
        FROM report_line AS l JOIN read_activity_id AS r ON r.text = l.activity_id WHERE r.fault IS NOT NULL
        UNION ALL
        SELECT l.rowid, 'agency_id', l.agency_id, r.value
        FROM report_line AS l JOIN read_agency_id AS r ON r.text = l.agency_id WHERE r.fault IS NOT NULL
    ) AS v ON v.line = j.line
    UNION ALL
    SELECT j.line, 'reported_after_as_of', 'info', 'kept', s.source_file, j.source_row, j.activity_id, 'reported_on',
           j.reported_on::VARCHAR, j.reported_on::VARCHAR,
           'The report is later than the day for which this release is computed, ' || $as_of || ', and not seen by it.'
    FROM judged_line AS j
    ANTI JOIN set_aside AS a ON a.line = j.line
    JOIN report_sheet AS s ON s.sheet_id = j.sheet_id
    WHERE j.reported_on > $as_of
    UNION ALL
    SELECT j.line, 'done_before_window', 'warning', 'kept', s.source_file, j.source_row, j.activity_id, 'completed_on',
           coalesce(j.completed_on, j.reported_on)::VARCHAR, coalesce(j.completed_on, j.reported_on)::VARCHAR,
           'The activity is reported completed before its window begins, ' || j.window_start || '.'
    FROM judged_line AS j
    ANTI JOIN set_aside AS a ON a.line = j.line
    JOIN report_sheet AS s ON s.sheet_id = j.sheet_id
    WHERE j.status = 'completed' AND coalesce(j.completed_on, least(j.reported_on, make_date(j.year, 12, 31))) < j.window_start
    UNION ALL
    SELECT j.line, 'invisible_characters', 'info', 'flagged', s.source_file, j.source_row, j.activity_id, 'result_text', NULL,
           j.result_text, 'The result had characters that are no text, such as marks of direction, joiners or private ones; they are taken out.'
    FROM judged_line AS j
    ANTI JOIN set_aside AS a ON a.line = j.line
    JOIN report_sheet AS s ON s.sheet_id = j.sheet_id
    WHERE j.had_invisible
    UNION ALL
    SELECT NULL, 'columns_not_read', 'info', 'kept', source_file, heading_row, NULL, NULL, unread, NULL,
           'These columns' || coalesce(' of the sheet “' || source_sheet || '”', '')
           || ' are none of a report and were not read: ' || unread || '. Is one of them misspelt?'
    FROM report_sheet
    WHERE unread IS NOT NULL
)
