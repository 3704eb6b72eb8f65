-- One row per line of a report: the values of its texts, and what the plan says of its activity. There may be a million, so
-- it has only what later steps need of every line. `report_key` is one number for activity, agency, unit, period and day of
-- report, in their order: much quicker to sort and group by than the five.
CREATE TEMP TABLE judged_line AS
WITH raw AS NOT MATERIALIZED (
    SELECT *, coalesce(regexp_full_match(result_text, '[!-~]+( [!-~]+)*'), true) AS is_plain  -- as most are
    FROM report_line
),
written AS NOT MATERIALIZED (
    -- As all texts: white space folded, control characters removed, each letter one character.
    SELECT * REPLACE (CASE WHEN is_plain THEN result_text
                           ELSE nullif(nfc_normalize(trim(regexp_replace(
                               regexp_replace(result_text, '[\s\p{Z}\x{0B}\x{85}]+', ' ', 'g'), '\p{C}', '', 'g'))), '')
                      END AS result_text),
           result_text AS written_text,
           CASE WHEN is_plain THEN false
                ELSE regexp_matches(regexp_replace(result_text, '[\s\x{0B}\x{85}]', '', 'g'), '\p{C}') END AS had_invisible
    FROM raw
),
activity AS MATERIALIZED (
    SELECT r.text, r.value, d.activity_id IS NOT NULL AS is_known, d.duplicate_of, d.timeframe, d.window_start,
           n.start_date AS plan_start, d.plan_id IN (
               SELECT plan_id FROM dim_reporting_period WHERE time_period LIKE '%-S_') AS is_half_yearly,
           -- A whole report in one cell: an id, and something with a year.
           d.activity_id IS NULL AND regexp_matches(
               r.text, '(?i)[A-Z]{3}-[A-Z0-9-]+-[0-9]{4}-[0-9]+-[0-9]+.*[\s,;|].*(19|20)[0-9]{2}') AS says_more
    FROM read_activity_id AS r LEFT JOIN dim_activity AS d ON d.activity_id = r.value
    LEFT JOIN dim_plan AS n ON n.plan_id = d.plan_id
),
agency AS MATERIALIZED (
    SELECT r.text, r.value, d.agency_id IN (SELECT agency_id FROM dim_reporting_unit) AS has_units,
           d.agency_id IS NULL AND regexp_matches(
               r.text, '[\s,;|].*(19|20)[0-9]{2}|(19|20)[0-9]{2}.*[\s,;|]') AS says_more
    FROM read_agency_id AS r LEFT JOIN dim_agency AS d ON d.agency_id = r.value
),
period AS MATERIALIZED (  -- 2019 is 20190, its half-years are 20191 and 20192
    SELECT text, fault, value AS time_period, rpad(replace(value, '-S', ''), 5, '0')::BIGINT AS number,
           make_date(number // 10, if(number % 10 = 2, 7, 1), 1) AS start_date,
           last_day(make_date(number // 10, if(number % 10 = 1, 6, 12), 1)) AS end_date
    FROM read_time_period
),
respondent AS MATERIALIZED (  -- of an agency with units, _T is one that does not say its unit
    SELECT b.activity_id, b.agency_id, u.reporting_unit,
           row_number() OVER (ORDER BY b.activity_id, b.agency_id, u.reporting_unit) AS place
    FROM bridge_activity_agency AS b
    JOIN (SELECT agency_id, '_T' AS reporting_unit FROM dim_agency
          UNION ALL SELECT agency_id, reporting_unit FROM dim_reporting_unit) AS u ON u.agency_id = b.agency_id
)
SELECT l.line, l.sheet_id, l.source_row,
       -- A row is blank without what a person fills in, whatever ids the form prints. A heading within the table names no
       -- activity; a whole row in one cell does.
       NOT coalesce(a.says_more, false) AND NOT (coalesce(g.says_more, false) AND coalesce(a.is_known, false))
           AND coalesce(y.fault, r.fault, t.fault, p.fault, c.fault, u.fault, x.fault, t.value) IS NULL
           AND CASE WHEN x.text IS NULL THEN l.result_text ELSE x.value END IS NULL
           AND y.time_period IS NULL AND r.value IS NULL AND p.value IS NULL AND c.value IS NULL
           AND (l.evidence_url IS NULL OR (u.text IS NOT NULL AND u.value IS NULL)) AS is_blank,
       l.extra, a.value AS activity_id, g.value AS agency_id, coalesce(v.reporting_unit, '_T') AS reporting_unit,
       w.value AS unit_label, w.fault IS NOT NULL AS has_unit_fault, coalesce(g.has_units, false) AS has_units,
       y.time_period, y.start_date AS period_start, y.end_date AS period_end, y.fault IS NOT NULL AS has_year_fault,
       r.value AS reported_on, r.fault IS NOT NULL AS has_reported_on_fault, t.value AS status,
       t.fault IS NOT NULL AS has_status_fault, t.setting, t.usual AS usual_status, t.has_old_letters, p.value AS percent_complete, c.value AS completed_on,
       CASE WHEN x.text IS NULL THEN l.result_text ELSE x.value END AS result_text, l.had_invisible,
       x.text IS NOT NULL AS is_unusual,
       CASE WHEN u.text IS NULL THEN l.evidence_url WHEN u.value ILIKE 'http%://%' THEN u.value END AS evidence_url,
       CASE WHEN u.value NOT ILIKE 'http%://%' THEN u.value END AS evidence_text,
       coalesce(a.is_known, false) AS is_known, a.duplicate_of, a.timeframe, a.window_start, a.plan_start,
       coalesce(a.is_half_yearly, false) AS is_half_yearly, b.activity_id IS NOT NULL AS is_responsible,
       (b.place * 100000 + y.number) * 10000000 + datediff('day', DATE '1900-01-01', r.value) AS report_key
FROM written AS l LEFT JOIN activity AS a ON a.text = l.activity_id
LEFT JOIN agency AS g ON g.text = l.agency_id
LEFT JOIN read_reporting_unit AS w ON w.text = l.reporting_unit
LEFT JOIN unit_label AS v ON v.agency_id = g.value AND v.label = w.value
LEFT JOIN period AS y ON y.text = l.time_period
LEFT JOIN read_day AS r ON r.file_number = l.file_number AND r.text = l.reported_on
LEFT JOIN read_status AS t
  ON t.text = l.status
 AND t.setting = CASE WHEN a.timeframe IS DISTINCT FROM 'continuous' THEN 'dated' WHEN l.is_form THEN 'form' ELSE 'continuous' END
LEFT JOIN read_percent_complete AS p ON p.sheet_id = l.sheet_id AND p.text = l.percent_complete
LEFT JOIN read_day AS c ON c.file_number = l.file_number AND c.text = l.completed_on
LEFT JOIN read_evidence_url AS u ON u.text = l.evidence_url
LEFT JOIN read_result_text AS x ON x.file_number = l.file_number AND x.text = l.written_text
LEFT JOIN respondent AS b
  ON b.activity_id = a.value AND b.agency_id = g.value AND b.reporting_unit = coalesce(v.reporting_unit, '_T')
