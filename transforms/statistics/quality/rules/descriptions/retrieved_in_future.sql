-- One row per data set whose `retrieved_on` had begun nowhere on earth (UTC+14) when the release was made.
SELECT dataset_id, NULL AS statistic_id, regexp_extract(min(source_file), '^[^/]+/[^/]+/') || 'dataset.toml' AS source_file,
       NULL::INTEGER AS line_number, 'retrieved_on' AS column_name, retrieved_on::DATE::VARCHAR AS source_value, 1 AS places,
       {'retrieved_on': retrieved_on::DATE::VARCHAR, 'published_on': published_at::DATE::VARCHAR} AS arguments
FROM dim_dataset JOIN fact_statistic USING (dataset_id) CROSS JOIN release
WHERE retrieved_on::DATE > (published_at + INTERVAL 14 HOUR)::DATE
GROUP BY dataset_id, retrieved_on, published_at
