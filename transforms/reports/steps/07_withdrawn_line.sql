-- One row per line of a report that a line of withdrawn.csv is about: one row, or all of a sheet or a file.
CREATE TEMP TABLE withdrawn_line AS
SELECT c.rowid AS line, arg_min(w.reason, w.number) AS reason
FROM withdrawal AS w
JOIN report_sheet AS s
  ON folded(s.source_file) = folded(w.source_file)
 AND (folded(s.source_sheet) = folded(w.source_sheet) OR (w.source_sheet IS NULL AND w.source_row IS NULL))
JOIN report_cells AS c ON c.sheet_id = s.sheet_id AND (c.source_row = w.source_row OR w.source_row IS NULL)
GROUP BY c.rowid
