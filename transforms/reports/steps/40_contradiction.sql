-- Lines of one agency about one activity and year, of one day, that say different things: none of them is guessed.
INSERT INTO fault
SELECT line, 24, 'contradiction', 'status',
       'Lines of ' || agency_id || ' about ' || activity_id || ' in ' || year || ', reported on ' || reported_on || ', differ: '
       || string_agg(place, ', ' ORDER BY line) OVER (PARTITION BY first_line)
       || '. Send one, or give the later one its own day of report.'
FROM again
WHERE NOT is_alike
