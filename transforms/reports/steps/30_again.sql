-- One row per line that has agency, unit, activity, period and day in common with another good line. They are alike if their
-- other values are the same. Where they are not, lines that were withdrawn, or whose correction was sent back, count no longer
-- (`is_out`); `first_line` is the first of those that count.
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
    SELECT g.*, h.source_file, h.source_sheet, g.line IN (FROM gone) AS is_gone,
           to_json((status, percent_complete, completed_on, result_text, evidence_url, evidence_text))::VARCHAR AS statement
    FROM good AS g JOIN report_sheet AS h ON h.sheet_id = g.sheet_id
    SEMI JOIN several AS s ON s.report_key = g.report_key
)
SELECT line, activity_id, agency_id, reporting_unit, time_period, reported_on, report_key,
       source_file || coalesce(' ' || source_sheet, '') || ' row ' || source_row AS place,
       is_gone AND min(statement) OVER same <> max(statement) OVER same AS is_out,
       CASE WHEN min(statement) OVER same = max(statement) OVER same THEN min(line) OVER same
            ELSE min(line) FILTER (NOT is_gone) OVER same END AS first_line,
       coalesce(min(statement) FILTER (NOT is_gone) OVER same = max(statement) FILTER (NOT is_gone) OVER same, false)
           OR min(statement) OVER same = max(statement) OVER same AS is_alike
FROM stated
WINDOW same AS (PARTITION BY report_key)
