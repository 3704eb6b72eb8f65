-- One row per line with a fault, and per file or sheet that could not be read. The agency is that of the line, or else of the
-- form, or else the only one that is abbreviated so. A withdrawal counts for more than a correction.
INSERT INTO rejected_row BY NAME
WITH worded AS NOT MATERIALIZED (
    SELECT f.* REPLACE (m.message_id AS message_id, coalesce(f.arguments, json_object()) AS arguments),
           rendered(m.pieces, m.pieces_plural, coalesce(f.arguments, json_object())) AS message
    FROM fault AS f LEFT JOIN dim_quality_rule AS q ON q.rule = f.rule
    LEFT JOIN quality_message AS m ON m.message_id = coalesce(f.message_id, q.message_id)
)
SELECT 'R' || lpad((row_number() OVER (ORDER BY source_file, sheet_number, source_row))::VARCHAR, 7, '0') AS rejection_id,
       * EXCLUDE (sheet_number)
FROM (
    SELECT s.source_file, s.sheet_number, s.source_sheet, j.source_row, g.agency_id, f.column_name, f.columns_at_fault,
           '{' || array_to_string(list_transform(
               l.cells, lambda cell, i: to_json(coalesce(l.headings[i], 'cell ' || i)) || ': ' || to_json(cell)
           ), ', ') || '}' AS row_text, f.rule, f.message, f.arguments,
           CASE WHEN w.line IS NOT NULL THEN 'withdrawn' WHEN c.line IS NOT NULL THEN 'corrected' ELSE 'open' END AS state,
           c.source_file AS corrected_by_file, c.source_sheet AS corrected_by_sheet, c.source_row AS corrected_by_row,
           w.reason AS withdrawn_reason
    FROM (
        SELECT line, arg_min(rule, place) AS rule, arg_min(column_name, place) AS column_name,
               nullif(array_to_string(list_sort(list_distinct(list(column_name))), ', '), '') AS columns_at_fault,
               string_agg(message, ' ' ORDER BY place) AS message,
               to_json(list({'rule': rule, 'message_id': message_id, 'arguments': arguments} ORDER BY place)) AS arguments
        FROM worded GROUP BY line
    ) AS f
    JOIN judged_line AS j ON j.line = f.line
    JOIN report_sheet AS s ON s.sheet_id = j.sheet_id
    JOIN report_line AS l ON l.line = f.line
    LEFT JOIN correction AS c ON c.line = f.line LEFT JOIN withdrawn_line AS w ON w.line = f.line
    LEFT JOIN dim_agency AS g
      ON g.agency_id = CASE WHEN j.agency_id IN (SELECT agency_id FROM dim_agency) THEN j.agency_id
                            ELSE coalesce(s.form_agency_id, (SELECT any_value(b.agency_id) FROM dim_agency AS b
                                                             WHERE b.abbreviation = j.agency_id HAVING count(*) = 1)) END
    UNION ALL SELECT source_file, sheet_number, source_sheet, NULL, NULL, NULL, NULL, NULL, rule, message,
           to_json([{'rule': rule, 'message_id': message_id, 'arguments': arguments}]),
           CASE WHEN reason IS NULL THEN 'open' ELSE 'withdrawn' END, NULL, NULL, NULL, reason
    FROM (
        SELECT *, (SELECT arg_min(w.reason, w.number) FROM withdrawal AS w
                   WHERE folded(w.source_file) = folded(u.source_file) AND w.source_row IS NULL
                     AND (w.source_sheet IS NULL OR folded(w.source_sheet) = folded(u.source_sheet))) AS reason
        FROM unreadable AS u
    )
)
