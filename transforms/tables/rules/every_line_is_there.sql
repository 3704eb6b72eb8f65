-- Every line of a document has one role: as many rows in source_line as lines, numbered from 1.
SELECT document_id AS place, 'lines: ' || line_count || ', with a role: ' || count(line_number) AS fault
FROM dim_document LEFT JOIN source_line USING (document_id)
GROUP BY document_id, line_count
HAVING count(line_number) <> line_count OR max(line_number) <> line_count OR min(line_number) <> 1
ORDER BY document_id
