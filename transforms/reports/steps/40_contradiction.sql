-- Lines of one agency, or of one unit of it, about one activity and period, of one day, that contradict one another: all are rejected. The message
-- names the rows of the first of them.
INSERT INTO fault
SELECT a.line, 25, 'contradiction', 'status', CASE WHEN g.more > 0 THEN 'contradiction.many' END,
       json_merge_patch(json_object('agency', concat_ws(' ', a.agency_id, nullif(a.reporting_unit, '_T')),
                                    'activity', a.activity_id, 'year', a.time_period,
                                    'reported_on', a.reported_on, 'places', g.places),
                        CASE WHEN g.more > 0 THEN json_object('n', g.more) ELSE json_object() END)
FROM again AS a
JOIN (
    SELECT first_line, array_to_string(list(place ORDER BY line)[:5], ', ') AS places, count(*) - 5 AS more
    FROM again WHERE NOT is_alike GROUP BY first_line
) AS g ON g.first_line = a.first_line
WHERE NOT a.is_alike
