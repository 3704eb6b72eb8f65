-- One place per value outside the plausible range of its series: below half the least or above twice the most that the source
-- of the range has (tolerance `margin`), of a change or a definition below the least or above the most. Not in a doubted unit:
-- unit_implausible says in which other one all values of a series would be plausible.
SELECT [f.rowid] AS figures, greatest(r.low - f.obs_value, f.obs_value - r.high) AS badness, NULL AS message_id,
       {'unit_measure': f.unit_measure, 'least': r.shown[1], 'most': r.shown[2],
        'source_least': r.shown[3], 'source_most': r.shown[4], 'source': r.source} AS arguments
FROM fact_statistic AS f
JOIN ranged AS r ON r.statistic_id = f.statistic_id AND r.ref_area = f.ref_area AND r.unit_measure = f.unit_measure
                AND r.unit_mult = coalesce(f.unit_mult, 0)
ANTI JOIN doubted_unit AS d
    ON d.dataset_id = f.dataset_id AND d.statistic_id = f.statistic_id AND d.unit_measure = f.unit_measure
WHERE f.obs_value NOT BETWEEN r.low AND r.high
