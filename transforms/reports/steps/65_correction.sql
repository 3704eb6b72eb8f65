-- One row per refused line that another line takes the place of: an accepted one of its key, in another file or further down
-- in its own; or one that was sent back, accepted or, if none of them is, refused and open in its place.
CREATE TEMP TABLE correction AS
WITH accepted AS NOT MATERIALIZED (
    SELECT line, report_key, file_number FROM judged_line JOIN report_sheet USING (sheet_id) ANTI JOIN set_aside USING (line)
),
refused AS MATERIALIZED (
    SELECT DISTINCT f.line, j.report_key, s.file_number
    FROM fault AS f JOIN judged_line AS j ON j.line = f.line JOIN report_sheet AS s ON s.sheet_id = j.sheet_id
),
-- What takes the place of a line takes that of the one that it repeats; a line that repeats another takes no place.
replaced AS NOT MATERIALIZED (
    SELECT p.line, coalesce(a.first_line, p.origin) AS origin
    FROM replacement AS p LEFT JOIN refused_again AS a ON a.line = p.origin ANTI JOIN refused_again AS b ON b.line = p.line
)
SELECT c.line, s.source_file, s.source_sheet, j.source_row
FROM (
    SELECT line, arg_min(by_line, (place, by_line)) AS by_line
    FROM (
        SELECT r.line, p.line AS by_line, CASE WHEN p.line IN (SELECT line FROM refused) THEN 3 ELSE 1 END AS place
        FROM refused AS r JOIN replaced AS p ON p.origin = r.line
        UNION ALL SELECT r.line, a.line, 2
        FROM refused AS r JOIN accepted AS a ON a.report_key = r.report_key
        WHERE a.file_number <> r.file_number OR a.line > r.line
    )
    GROUP BY line
) AS c
JOIN judged_line AS j ON j.line = c.by_line JOIN report_sheet AS s ON s.sheet_id = j.sheet_id
