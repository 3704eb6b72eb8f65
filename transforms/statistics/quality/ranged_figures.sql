-- One row per figure that has a plausible range, with that range (see `ranged`); none in a unit that an earlier rule doubts.
CREATE TEMP VIEW ranged_figures AS
SELECT f.*, f.rowid AS figure, r.* EXCLUDE (statistic_id, ref_area, unit_measure, unit_mult)
FROM fact_statistic AS f
JOIN ranged AS r ON r.statistic_id = f.statistic_id AND r.ref_area = f.ref_area AND r.unit_measure = f.unit_measure
                AND r.unit_mult = coalesce(f.unit_mult, 0)
ANTI JOIN doubted_unit AS d
    ON d.dataset_id = f.dataset_id AND d.statistic_id = f.statistic_id AND d.unit_measure = f.unit_measure
WHERE f.obs_value IS NOT NULL
