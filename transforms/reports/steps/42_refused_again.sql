-- One row per refused line that says what a refused line of another file says (`first_line`), and for the same reasons: a file
-- sent twice, or under another name. Lines whose activity, agency, unit or period is at fault may be about different things
-- in spite of the same words: those must agree in their row and all its cells. A withdrawn line is always one of its own, and
-- the first of its kind, so that what it withdraws does not come back in a copy.
CREATE TEMP TABLE refused_again AS
WITH refused AS NOT MATERIALIZED (
    SELECT line, to_json(list((rule, message_id, arguments::VARCHAR) ORDER BY rule, column_name, message_id))::VARCHAR AS faults,
           bool_or(column_name IS NULL
                   OR column_name IN ('activity_id', 'agency_id', 'reporting_unit', 'time_period')) AS has_doubtful_key
    FROM fault GROUP BY line
),
said AS NOT MATERIALIZED (
    SELECT r.line, r.faults, s.file_number, w.line IS NOT NULL AS is_withdrawn,
           list_transform(l.places, lambda place: folded(l.cells[place])) AS texts,
           CASE WHEN r.has_doubtful_key THEN {'row': l.source_row, 'cells': l.cells} END AS whole
    FROM refused AS r JOIN report_line AS l ON l.line = r.line JOIN report_sheet AS s ON s.sheet_id = l.sheet_id
    LEFT JOIN withdrawn_line AS w ON w.line = r.line
)
SELECT line, first_line
FROM (
    SELECT line, is_withdrawn, file_number, first_value(line) OVER alike AS first_line,
           first_value(file_number) OVER alike AS first_file
    FROM said WINDOW alike AS (PARTITION BY texts, faults, whole ORDER BY NOT is_withdrawn, line)
)
WHERE file_number <> first_file AND NOT is_withdrawn
