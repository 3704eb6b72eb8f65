-- One place per value, in its unit: outside the bounds of unit_bounds.csv once multiplied by ten to the unit_mult. A bound with
-- `names` holds only for series whose name has these words, and has none of `unless`: a growth rate, an index or a ratio in
-- percent may exceed 100. What arithmetic in binary leaves of 0 or 100 is not outside (tolerance `noise`). Nothing is judged in
-- a unit that unit_contradicts_series doubts.
SELECT [f.figure] AS figures,
       greatest(b.least - scaled, scaled - b.most) / coalesce(b.most - b.least, 1) AS badness,
       CASE WHEN b.most IS NULL THEN 'rate_out_of_range.no_most' END AS message_id,
       {'unit_measure': f.unit_measure, 'least': b.least::VARCHAR, 'most': b.most::VARCHAR, 'reason': b.reason} AS arguments
FROM (SELECT *, rowid AS figure, obs_value * power(10, coalesce(unit_mult, 0)) AS scaled FROM fact_statistic) AS f
JOIN unit_bound AS b USING (unit_measure)
JOIN dim_statistic AS s USING (statistic_id)
ANTI JOIN doubted_unit AS d USING (dataset_id, statistic_id, unit_measure)
WHERE badness > tolerated('rate_out_of_range', 'noise')
  AND regexp_matches(s.name, coalesce(b.names, '')) AND NOT coalesce(regexp_matches(s.name, b.unless), false)
