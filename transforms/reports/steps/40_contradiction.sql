-- Lines of one agency about one activity and year, of one day, that say different things: none of them is guessed. Each is
-- told where the first of the others stand.
INSERT INTO fault
SELECT a.line, 25, 'contradiction', 'status',
       'Lines of ' || a.agency_id || ' about ' || a.activity_id || ' in ' || a.year || ', reported on ' || a.reported_on
       || ', differ: ' || g.places || '. Send one, or give the later one its own day of report.'
FROM again AS a
JOIN (
    SELECT first_line,
           array_to_string(list(place ORDER BY line)[:5], ', ')
               || CASE WHEN count(*) > 5 THEN ' and ' || count(*) - 5 || ' more' ELSE '' END AS places
    FROM again
    WHERE NOT is_alike
    GROUP BY first_line
) AS g ON g.first_line = a.first_line
WHERE NOT a.is_alike
