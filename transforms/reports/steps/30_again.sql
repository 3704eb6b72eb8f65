-- One row per line that has agency, unit, activity, period and day in common with another good line. They are alike if their
-- other values are the same. Where they are not, lines that were withdrawn, or whose correction was sent back, count no longer,
-- nor do their copies (`is_out`). `first_line` is the one of those that count whose file was received first, or else the first in the files: a
-- later copy does not make a report late.
CREATE TEMP TABLE again AS
WITH good AS NOT MATERIALIZED (
    SELECT * FROM judged_line ANTI JOIN fault USING (line)
    WHERE NOT is_blank AND line NOT IN (SELECT line FROM sent_back WHERE is_untouched)
),
several AS MATERIALIZED (SELECT report_key FROM good GROUP BY report_key HAVING count(*) > 1),
gone AS MATERIALIZED (
    SELECT line FROM withdrawn_line UNION SELECT origin FROM replacement ANTI JOIN fault USING (line)
),
stated AS NOT MATERIALIZED (
    SELECT g.*, h.source_file, h.source_sheet, r.received_on, to_json((status, percent_complete, completed_on, result_text, evidence_url, evidence_text))::VARCHAR AS statement,
           bool_or(g.line IN (FROM gone)) OVER (PARTITION BY g.report_key, statement) AS is_gone
    FROM good AS g JOIN report_sheet AS h ON h.sheet_id = g.sheet_id
    LEFT JOIN dim_report_receipt AS r ON r.source_file = h.source_file
    SEMI JOIN several AS s ON s.report_key = g.report_key
),
compared AS NOT MATERIALIZED (
    SELECT *, min(statement) OVER same = max(statement) OVER same AS are_all_alike,
           min(statement) FILTER (NOT is_gone) OVER same = max(statement) FILTER (NOT is_gone) OVER same AS are_rest_alike
    FROM stated WINDOW same AS (PARTITION BY report_key)
)
SELECT line, activity_id, agency_id, reporting_unit, time_period, reported_on, report_key,
       source_file || coalesce(' ' || source_sheet, '') || ':' || source_row AS place,
       is_gone AND NOT are_all_alike AS is_out, are_all_alike OR coalesce(are_rest_alike, false) AS is_alike,
       first_value(line) OVER (PARTITION BY report_key
                               ORDER BY is_gone AND NOT are_all_alike, received_on NULLS LAST, line) AS first_line
FROM compared
