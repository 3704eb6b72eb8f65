-- One row per agency: how many activities it takes part in, second prints left out. Agencies share activities, so the
-- rows do not add up to a total.
-- activities: Activities that the agency takes part in.
-- dated: Of these, those with years stated.
-- continuous: Of these, those that recur or run until resolved.
-- undated: Of these, those by procedure or without a period.
-- alone: Of these, those of which no other agency is responsible.
-- due_by_year: Year → dated activities whose window ends in it.
SELECT g.agency_id, g.abbreviation, g.name, g.agency_type, g.is_collective, count(a.activity_id) AS activities,
       count(*) FILTER (WHERE a.timeframe = 'dated') AS dated,
       count(*) FILTER (WHERE a.timeframe = 'continuous') AS continuous,
       count(*) FILTER (WHERE a.timeframe = 'undated') AS undated, count(*) FILTER (WHERE a.agency_count = 1) AS alone,
       histogram(year(a.window_end)::VARCHAR) FILTER (WHERE a.timeframe = 'dated') AS due_by_year
FROM dim_agency AS g
LEFT JOIN (
    SELECT b.agency_id, d.activity_id, d.timeframe, d.window_end, count(*) OVER (PARTITION BY d.activity_id) AS agency_count
    FROM bridge_activity_agency AS b JOIN dim_activity AS d USING (activity_id)
    WHERE d.duplicate_of IS NULL
) AS a USING (agency_id)
GROUP BY ALL ORDER BY activities DESC, g.agency_id
