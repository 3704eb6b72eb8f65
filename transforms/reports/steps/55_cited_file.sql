-- One row per words of evidence × agency that name a file below raw/evidence, or seem to. `path` is the file meant: that of
-- this name in the folder of the agency, or else in raw/evidence; or else the one whose name differs only in capitals,
-- blanks, or in how a letter is stored. Without it, `message_id` says why; a text that ends as no file does is no name.
CREATE TEMP TABLE cited_file AS
WITH cited AS MATERIALIZED (
    SELECT DISTINCT evidence_text, agency_id,
           regexp_replace(replace(evidence_text, '\', '/'), '^(\./)?(raw/)?(evidence/)?', '') AS name
    FROM judged_line ANTI JOIN set_aside USING (line) WHERE evidence_url IS NULL AND evidence_text IS NOT NULL
),
named AS NOT MATERIALIZED (
    SELECT *, 1 AS place, agency_id || '/' || name AS below FROM cited UNION ALL SELECT *, 2, name FROM cited
),
file AS MATERIALIZED (
    SELECT path, path[length('evidence/') + 1:] AS below FROM evidence_file WHERE fault IS NULL
),
found AS (
    SELECT c.evidence_text, c.agency_id,
           arg_min(f.path, c.place) FILTER (f.below = c.below) AS exact,
           list(DISTINCT f.path ORDER BY f.path) FILTER (f.path IS NOT NULL) AS alike
    FROM named AS c LEFT JOIN file AS f ON lower(folded(f.below)) = lower(folded(c.below)) GROUP BY ALL
)
SELECT evidence_text, agency_id, coalesce(exact, CASE WHEN len(alike) = 1 THEN alike[1] END) AS path,
       CASE WHEN exact IS NOT NULL THEN NULL WHEN len(alike) = 1 THEN 'evidence_name_differs'
            WHEN len(alike) > 1 THEN 'evidence_name_differs.several' ELSE 'evidence_file_missing' END AS message_id,
       CASE WHEN exact IS NOT NULL THEN NULL WHEN len(alike) = 1 THEN json_object('text', evidence_text, 'file', alike[1])
            WHEN len(alike) > 1 THEN json_object('text', evidence_text, 'files', array_to_string(alike[:5], ', '))
            ELSE json_object('text', left(evidence_text, 100), 'agency', agency_id) END AS arguments
FROM found
WHERE alike IS NOT NULL OR regexp_full_match(
    evidence_text, '(?i).*\.(pdf|docx?|docm|rtf|odt|txt|xls[xmb]?|ods|csv|pptx?|odp|jpe?g|png|gif|tiff?|bmp|heic|zip|rar|7z|msg|eml|mp4|mp3)')
