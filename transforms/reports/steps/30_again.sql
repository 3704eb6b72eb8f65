-- One row per line that has agency, unit, activity, period and day in common with another good line. `first_line` is the one of
-- them whose file was received first, or else the first in the files: a later copy does not make a report late. They are
-- alike if their other values are the same.
CREATE TEMP TABLE again AS
WITH good AS NOT MATERIALIZED (SELECT * FROM judged_line ANTI JOIN fault USING (line) WHERE NOT is_blank),
several AS MATERIALIZED (SELECT report_key FROM good GROUP BY report_key HAVING count(*) > 1)
SELECT line, activity_id, agency_id, reporting_unit, time_period, reported_on,
       source_file || coalesce(' ' || source_sheet, '') || ':' || source_row AS place,
       first_value(line) OVER (PARTITION BY report_key ORDER BY received_on NULLS LAST, line) AS first_line,
       min(statement) OVER same = max(statement) OVER same AS is_alike
FROM (
    SELECT g.*, h.source_file, h.source_sheet, r.received_on,
           to_json((status, percent_complete, completed_on, result_text, evidence_url, evidence_text))::VARCHAR AS statement
    FROM good AS g JOIN report_sheet AS h ON h.sheet_id = g.sheet_id
    LEFT JOIN dim_report_receipt AS r ON r.source_file = h.source_file
    SEMI JOIN several AS s ON s.report_key = g.report_key
)
WINDOW same AS (PARTITION BY report_key)
