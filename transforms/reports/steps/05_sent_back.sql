-- One row per line of a workbook of refused rows that was sent back, and the line that it says it is from (`origin`). It is
-- untouched if all its texts are those of its origin. What is unchanged is read as it was there: a day or a percentage as
-- the other rows of that file tell, a status as in a form or elsewhere; a status that was changed was chosen from a list as
-- forms have it. Lines that name one another in a circle are in no chain, and left out.
CREATE TEMP TABLE sent_back AS
WITH RECURSIVE named AS MATERIALIZED (
    SELECT l.line, o.rowid AS origin
    FROM report_line AS l JOIN report_sheet AS s ON s.sheet_id = l.sheet_id AND s.origin IS NOT NULL
    JOIN report_sheet AS t
      ON folded(t.source_file) = folded(l.cells[s.origin[1]]) AND folded(t.source_sheet) = folded(l.cells[s.origin[2]])
    JOIN report_cells AS o ON o.sheet_id = t.sheet_id AND o.source_row = try_cast(l.cells[s.origin[3]] AS INTEGER)
),
pair AS MATERIALIZED (
    SELECT n.line, n.origin,
           list_transform(l.places, lambda place: folded(l.cells[place]))
               = list_transform(o.places, lambda place: folded(o.cells[place])) AS is_untouched,
           l.status IS NOT DISTINCT FROM o.status AS has_status,
           l.percent_complete IS NOT DISTINCT FROM o.percent_complete AS has_percent,
           l.reported_on IS NOT DISTINCT FROM o.reported_on AS has_reported_on,
           l.completed_on IS NOT DISTINCT FROM o.completed_on AS has_completed_on,
           l.sheet_id, l.file_number, o.is_form AS was_form, o.sheet_id AS was_sheet, o.file_number AS was_file
    FROM named AS n JOIN report_line AS l ON l.line = n.line JOIN report_line AS o ON o.line = n.origin
),
chain AS (
    SELECT line, origin, is_untouched, NOT has_status OR was_form AS is_form,
           CASE WHEN has_percent THEN was_sheet ELSE sheet_id END AS percent_sheet,
           CASE WHEN has_reported_on THEN was_file ELSE file_number END AS reported_file,
           CASE WHEN has_completed_on THEN was_file ELSE file_number END AS completed_file
    FROM pair WHERE origin NOT IN (SELECT line FROM named)
    UNION ALL
    SELECT p.line, p.origin, p.is_untouched, NOT p.has_status OR c.is_form,
           CASE WHEN p.has_percent THEN c.percent_sheet ELSE p.sheet_id END,
           CASE WHEN p.has_reported_on THEN c.reported_file ELSE p.file_number END,
           CASE WHEN p.has_completed_on THEN c.completed_file ELSE p.file_number END
    FROM pair AS p JOIN chain AS c ON c.line = p.origin
)
FROM chain
