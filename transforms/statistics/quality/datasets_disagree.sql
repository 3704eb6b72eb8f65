-- One row per series, breakdown and pair of data sets whose values are too far apart in any period.
SELECT f.dataset_id, f.source_file, f.line_number, 'obs_value' AS column_name, f.obs_value::VARCHAR AS source_value,
       f.obs_value::VARCHAR AS published_value,
       f.statistic_id || ' of ' || f.ref_area || f.breakdown || ': ' || f.dataset_id || ' and ' || f.dataset_id_other
       || ' are far apart in ' || f.periods || ' periods; in ' || f.time_period || ' they have ' || f.obs_value || ' and '
       || f.obs_value_other || '.' AS message
FROM (
    SELECT c.dataset_id, c.dataset_id_other, c.statistic_id, c.ref_area, breakdown, count(*) AS periods,
           arg_max(struct_pack(t := c.time_period, v := c.obs_value, o := c.obs_value_other, f := c.source_file,
                               r := c.source_row), (abs(ln(greatest(c.ratio, 1e-9))), c.time_period)) AS worst,
           worst.t AS time_period, worst.v AS obs_value, worst.o AS obs_value_other, worst.f AS source_file,
           worst.r AS line_number
    FROM compared AS c
    WHERE CASE WHEN c.unit_measure = 'PT' AND c.unit_measure_other = 'PT'
               THEN abs(c.difference) > tolerated('datasets_disagree', 'percentage_points')
                    OR (greatest(abs(c.obs_value), abs(c.obs_value_other)) < 50
                        AND abs(c.difference) > 1
                        AND greatest(c.ratio, 1 / c.ratio) > tolerated('datasets_disagree', 'factor'))
               ELSE greatest(c.ratio, 1 / c.ratio) > tolerated('datasets_disagree', 'factor') END
    GROUP BY ALL
) AS f
