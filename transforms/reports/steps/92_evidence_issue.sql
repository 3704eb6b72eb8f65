-- One row per file of raw/evidence that cannot be read, and one about all that no accepted report cites.
INSERT INTO quality_issue BY NAME
WITH uncited AS MATERIALIZED (
    SELECT path FROM evidence_file
    WHERE fault IS NULL AND path NOT IN (SELECT evidence_text FROM fact_progress WHERE evidence_kind = 'file')
),
note (line_number, rule, source_file, places, message_id, arguments) AS (
    SELECT NULL, 'evidence_unreadable', path, 1, fault, arguments FROM evidence_file WHERE fault IS NOT NULL
    UNION ALL SELECT NULL, 'evidence_not_cited', 'evidence', count(*), NULL,
           json_object('n', count(*), 'files', array_to_string(list(path ORDER BY path)[:5], ', '))
    FROM uncited HAVING count(*) > 0
)
SELECT 'EVIDENCE-Q' || lpad((row_number() OVER (ORDER BY n.rule, n.source_file))::VARCHAR, 4, '0') AS issue_id,
       n.* REPLACE (m.message_id AS message_id), q.severity, q.action, rendered(m.pieces, m.pieces_plural, n.arguments) AS message
FROM note AS n JOIN dim_quality_rule AS q ON q.rule = n.rule
JOIN quality_message AS m ON m.message_id = coalesce(n.message_id, q.message_id)
