-- One place per value outside the plausible range of its series: below half the least or above twice the most that the source
-- of the range has (tolerance `margin`), of a change or a definition below the least or above the most. Not in a doubted unit:
-- unit_implausible says in which other one all values of a series would be plausible.
SELECT [figure] AS figures, greatest(low - obs_value, obs_value - high) AS badness, NULL AS message_id,
       {'unit_measure': unit_measure, 'least': shown[1], 'most': shown[2], 'source_least': shown[3], 'source_most': shown[4],
        'source': source} AS arguments
FROM ranged_figures
WHERE obs_value NOT BETWEEN low AND high
