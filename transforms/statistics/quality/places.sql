-- One row per place that a rule over figures finds (its SQL is filled in), unless an earlier rule doubts one of its figures:
-- what one finding explains, another does not tell again. `cause` joins the places that are one row of quality_issue: those of one
-- series, of the same data sets, broken down by the same columns. It names these columns by a bit each, those of
-- other_breakdown by their concepts.
CREATE OR REPLACE TEMP TABLE place AS
WITH found AS (SELECT *, row_number() OVER () AS place FROM (${rule})),
described AS (
    SELECT place,
           concat_ws('|', '${rule_name}', string_agg(DISTINCT f.dataset_id, '|' ORDER BY f.dataset_id),
                     any_value(f.statistic_id),
                     concat(bool_or(sex <> '_T')::TINYINT, bool_or(age <> '_T')::TINYINT,
                            bool_or(urbanisation <> '_T')::TINYINT, bool_or(income_wealth_quantile <> '_T')::TINYINT,
                            bool_or(education_lev <> '_T')::TINYINT, bool_or(disability_status <> '_T')::TINYINT),
                     max(regexp_replace(other_breakdown, '=[^;]*', '', 'g'))) AS cause
    FROM (SELECT place, unnest(figures) AS figure FROM found)
    JOIN fact_statistic AS f ON f.rowid = figure
    LEFT JOIN (SELECT DISTINCT figure FROM doubted) AS d USING (figure)
    GROUP BY place
    HAVING count(d.figure) = 0
)
SELECT cause, figures, badness, message_id, to_json(arguments) AS arguments
FROM found JOIN described USING (place)
