-- One row per irregularity of a data set, numbered in the order of data sets, rules, files and rows. Without a message_id it is
-- said in the sentence of the rule. An argument that is NULL is one that the sentence does not ask for.
CREATE TEMP TABLE numbered AS
SELECT 'STATISTICS-Q' || lpad(
           (row_number() OVER (
               ORDER BY dataset_id, rule, source_file, line_number, column_name, source_value, message
           ))::VARCHAR, 7, '0'
       ) AS issue_id, *
FROM (
    SELECT i.* REPLACE (coalesce(i.places, 1) AS places, m.message_id AS message_id,
                        json_merge_patch(json_object(), i.arguments) AS arguments), q.severity,
           q.action, rendered(m.pieces, m.pieces_plural, i.arguments) AS message
    FROM statistic_issue AS i
    LEFT JOIN dim_quality_rule AS q ON q.rule = i.rule
    LEFT JOIN quality_message AS m ON m.message_id = coalesce(i.message_id, q.message_id)
)
