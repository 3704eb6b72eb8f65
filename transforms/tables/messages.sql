-- One row per sentence of messages.csv, cut into pieces, each a placeholder or the text between two; for `rendered`.
CREATE OR REPLACE TEMP TABLE quality_message AS
SELECT message_id,
       regexp_extract_all(message, '\{\w+\}|[^{]+') AS pieces,
       regexp_extract_all(message_plural, '\{\w+\}|[^{]+') AS pieces_plural
FROM read_csv(${messages}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')
