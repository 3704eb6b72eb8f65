-- The numbers of the lines of withdrawn.csv of which no row, sheet or file is refused.
SELECT number FROM withdrawal AS w
WHERE NOT EXISTS (
    FROM rejected_row AS r
    WHERE folded(r.source_file) = folded(w.source_file)
      AND (folded(r.source_sheet) = folded(w.source_sheet) OR (w.source_sheet IS NULL AND w.source_row IS NULL))
      AND (r.source_row = w.source_row OR w.source_row IS NULL)
)
ORDER BY number
