-- One row per sheet read: its rows are accepted, repeated, rejected or blank, and the counts must balance. Accepted rows are
-- counted in fact_progress, so that a line that is lost on the way there shows.
INSERT INTO dim_progress_file BY NAME
SELECT s.source_file, s.sheet_number, s.source_sheet, s.heading_row IS NOT NULL AS is_report, s.heading_row,
       coalesce(r.lines, 0) AS rows_read, coalesce(f.lines, 0) AS rows_accepted,
       coalesce(o.repeated, 0) AS rows_repeated, coalesce(o.rejected, 0) AS rows_rejected,
       coalesce(o.blank, 0) AS rows_blank, s.language
FROM report_sheet AS s
LEFT JOIN (SELECT sheet_id, count(*) AS lines FROM report_cells GROUP BY sheet_id) AS r ON r.sheet_id = s.sheet_id
LEFT JOIN (SELECT source_file, source_sheet, count(*) AS lines FROM fact_progress GROUP BY ALL) AS f
  ON f.source_file = s.source_file AND f.source_sheet IS NOT DISTINCT FROM s.source_sheet
LEFT JOIN (
    SELECT sheet_id, count(*) FILTER (WHERE why = 'repeated') AS repeated,
           count(*) FILTER (WHERE why = 'rejected') AS rejected, count(*) FILTER (WHERE why = 'blank') AS blank
    FROM set_aside JOIN judged_line USING (line) GROUP BY sheet_id
) AS o ON o.sheet_id = s.sheet_id
ORDER BY s.source_file, s.sheet_number
