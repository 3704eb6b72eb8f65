-- One row per cause: the place that is worst, and how many there are. What the arguments of a rule do not say of it is said
-- here: series, area and breakdown, value.
INSERT INTO statistic_issue BY NAME
SELECT '${rule_name}' AS rule, cause, dataset_id, statistic_id, source_file, source_row AS line_number,
       'obs_value' AS column_name, obs_value::VARCHAR AS source_value, source_value AS published_value, places, message_id,
       json_merge_patch(
           {'statistic_id': statistic_id,
            'place': place_of(f),
            'value': obs_value::VARCHAR, 'n': places}::JSON,
           arguments
       ) AS arguments
FROM (
    SELECT *, count(*) OVER (PARTITION BY cause) AS places
    FROM place
    QUALIFY row_number() OVER (PARTITION BY cause ORDER BY badness DESC NULLS LAST, figures) = 1
)
JOIN fact_statistic AS f ON f.rowid = figures[1]
