-- One row per line that has agency, unit, activity, period and day in common with another good line; `first_line` is the first of
-- them, and they are alike if their other values are the same.
CREATE TEMP TABLE again AS
WITH good AS NOT MATERIALIZED (SELECT * FROM judged_line ANTI JOIN fault USING (line) WHERE NOT is_blank),
several AS MATERIALIZED (SELECT report_key FROM good GROUP BY report_key HAVING count(*) > 1)
SELECT line, activity_id, agency_id, reporting_unit, time_period, reported_on,
       source_file || coalesce(' ' || source_sheet, '') || ':' || source_row AS place,
       min(line) OVER same AS first_line, min(statement) OVER same = max(statement) OVER same AS is_alike
FROM (
    SELECT g.*, h.source_file, h.source_sheet,
           to_json((status, percent_complete, completed_on, result_text, evidence_url, evidence_text))::VARCHAR AS statement
    FROM good AS g JOIN report_sheet AS h ON h.sheet_id = g.sheet_id
    SEMI JOIN several AS s ON s.report_key = g.report_key
)
WINDOW same AS (PARTITION BY report_key)
