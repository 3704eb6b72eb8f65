-- One row per irregularity of a data set, numbered in the order of data sets, rules, files and rows.
INSERT INTO quality_issue BY NAME
SELECT 'STATISTICS-Q' || lpad(
           (row_number() OVER (
               ORDER BY dataset_id, rule, source_file, line_number, column_name, source_value, message
           ))::VARCHAR, 7, '0'
       ) AS issue_id,
       * EXCLUDE (dataset_id)
FROM statistic_issue
